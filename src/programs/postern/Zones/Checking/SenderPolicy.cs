using Postern.Text;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>What an SPF record says of one host.</summary>
internal enum SenderOutcome
{
    /// <summary>It may send.</summary>
    Pass = 0,

    /// <summary>It may not.</summary>
    Fail,

    /// <summary>Everybody may.</summary>
    Everybody,

    /// <summary>That depends on records of others, which were not looked at.</summary>
    Unclear,
}

/// <summary>Evaluates an SPF record as far as it can be done without further questions (RFC 7208 §4.6). Pure.</summary>
/// <param name="domain">The domain that has the record; its MX leads to the host.</param>
/// <param name="host">The host that sends.</param>
internal sealed class SenderPolicy(string domain, string host)
{
    /// <summary>True for an SPF record among other texts (RFC 7208 §4.5).</summary>
    internal static bool IsOne(ReadOnlySpan<byte> text) => Ascii.StartsWithIgnoreCase(text, "v=spf1"u8) && (text.Length == 6 || text[6] == ' ');

    /// <summary>Judges one record for one address of the host.</summary>
    internal SenderOutcome Judge(ReadOnlySpan<byte> record, IpAddress address)
    {
        SenderOutcome? first = null;
        var (mayPass, mayFail) = (false, false);
        var rest = record["v=spf1".Length..];
        foreach (var range in rest.Split((byte)' '))
        {
            var term = rest[range];
            if (term.IsEmpty)
            {
                continue;
            }

            var qualifier = term[0] is (byte)'+' or (byte)'-' or (byte)'~' or (byte)'?' ? term[0] : (byte)'+';
            var mechanism = term[0] == qualifier ? term[1..] : term;
            var matches = Matches(mechanism, address);
            if (matches == true && qualifier == '+' && Ascii.EqualsIgnoreCase(mechanism, "all"u8))
            {
                return SenderOutcome.Everybody;
            }

            // What stands behind the first match does not count, but for the one above.
            if (first is null)
            {
                mayPass |= matches is null && qualifier == '+';
                mayFail |= matches is null && qualifier != '+';
                first = matches != true ? null
                    : qualifier == '+' ? (mayFail ? SenderOutcome.Unclear : SenderOutcome.Pass)
                    : mayPass ? SenderOutcome.Unclear : SenderOutcome.Fail;
            }
        }

        return first ?? (mayPass ? SenderOutcome.Unclear : SenderOutcome.Fail);
    }

    // Null: not to be told from here. A modifier that is unknown, and "exp", match nothing (RFC 7208 §6).
    private bool? Matches(ReadOnlySpan<byte> mechanism, IpAddress address)
    {
        var end = mechanism.IndexOfAny(":/="u8);
        var name = end < 0 ? mechanism : mechanism[..end];
        var argument = end >= 0 && mechanism[end] == ':' ? mechanism[(end + 1)..] : default;
        if (end >= 0 && mechanism[end] == '=')
        {
            return Ascii.EqualsIgnoreCase(name, "redirect"u8) ? null : false;
        }

        if (Ascii.EqualsIgnoreCase(name, "all"u8))
        {
            return end < 0;
        }

        if (Ascii.EqualsIgnoreCase(name, "ip4"u8) || Ascii.EqualsIgnoreCase(name, "ip6"u8))
        {
            return AddressBlock.Contains(argument, address);
        }

        // A length behind a name ("mx/24") makes it match more, which does not matter here.
        var slash = argument.IndexOf((byte)'/');
        var target = slash < 0 ? argument : argument[..slash];
        var isMx = Ascii.EqualsIgnoreCase(name, "mx"u8) && (target.IsEmpty || Is(target, domain));
        var isHost = Ascii.EqualsIgnoreCase(name, "a"u8) && (target.IsEmpty ? domain == host : Is(target, host));
        return isMx || isHost ? true : null;
    }

    private static bool Is(ReadOnlySpan<byte> name, string known) =>
        Ascii.EqualsIgnoreCase(name.EndsWith("."u8) ? name[..^1] : name, System.Text.Encoding.ASCII.GetBytes(known));
}
