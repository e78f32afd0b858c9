using System.Diagnostics.CodeAnalysis;
using Postern.Text;

namespace Postern.Remote.Reports.Records;

/// <summary>The TXT record that says where a domain wants its reports (RFC 8460 §3).</summary>
/// <remarks>
/// Its owner is a stranger who makes us send mail and requests where he likes: so whoever it names is held to the limits of
/// <see cref="ReportAddress"/>. What the grammar does not have is no record.
/// </remarks>
internal static class ReportRecord
{
    /// <summary>The most addresses that are looked at. Arbitrary: one or two are usual.</summary>
    internal const int MaxAddresses = 5;

    /// <summary>The longest record, in bytes. Arbitrary: an ordinary one has 60.</summary>
    internal const int MaxLength = 4096;

    private const int MaxName = 32;

    private static ReadOnlySpan<byte> Beginning => "v=TLSRPTv1;"u8;

    /// <summary>Finds the addresses among the TXT records of "_smtp._tls" below a domain.</summary>
    /// <param name="texts">Each record with its strings joined.</param>
    /// <param name="addresses">Those of a kind that reports are sent to, each once, at most <see cref="MaxAddresses"/>; none when all are of others.</param>
    /// <returns>False unless exactly one record begins as one of version 1 does, and is right to its end.</returns>
    internal static bool TryParse(IReadOnlyList<byte[]> texts, [NotNullWhen(true)] out IReadOnlyList<ReportAddress>? addresses)
    {
        addresses = null;
        byte[]? only = null;
        foreach (var text in texts)
        {
            if (!text.AsSpan().StartsWith(Beginning))
            {
                continue;
            }

            if (only is not null)
            {
                return false;
            }

            only = text;
        }

        if (only is null || only.Length > MaxLength || !TryReadFields(only.AsSpan(Beginning.Length), out var found))
        {
            return false;
        }

        addresses = found;
        return true;
    }

    /// <summary>Reads the fields behind the version: the first rua counts, fields of other names are passed over.</summary>
    private static bool TryReadFields(ReadOnlySpan<byte> rest, [NotNullWhen(true)] out List<ReportAddress>? addresses)
    {
        addresses = null;
        while (true)
        {
            rest = rest.TrimStart(" \t"u8);
            // A separator may stand behind the last field; behind the version there has to be a field.
            if (rest.IsEmpty)
            {
                return addresses is not null;
            }

            var end = rest.IndexOf((byte)';');
            // White space stands before a separator, and not before the end.
            var field = end < 0 ? rest : rest[..end].TrimEnd(" \t"u8);
            if (!TryReadField(field, ref addresses))
            {
                return false;
            }

            if (end < 0)
            {
                return addresses is not null;
            }

            rest = rest[(end + 1)..];
        }
    }

    private static bool TryReadField(ReadOnlySpan<byte> field, ref List<ReportAddress>? addresses)
    {
        var sign = field.IndexOf((byte)'=');
        if (sign < 0)
        {
            return false;
        }

        if (!field[..sign].SequenceEqual("rua"u8))
        {
            return IsName(field[..sign]) && IsValue(field[(sign + 1)..]);
        }

        var found = new List<ReportAddress>();
        var isRight = TryReadAddresses(field[(sign + 1)..], found);
        addresses ??= found;
        return isRight;
    }

    /// <summary>Reads tlsrpt-rua: addresses between commas, of which none has one itself.</summary>
    private static bool TryReadAddresses(ReadOnlySpan<byte> list, List<ReportAddress> found)
    {
        while (true)
        {
            var end = list.IndexOf((byte)',');
            var text = end < 0 ? list : list[..end].TrimEnd(" \t"u8);
            if (!ReportAddress.IsUri(text))
            {
                return false;
            }

            if (found.Count < MaxAddresses && ReportAddress.TryParse(text, out var address) && !found.Contains(address))
            {
                found.Add(address);
            }

            if (end < 0)
            {
                return true;
            }

            list = list[(end + 1)..].TrimStart(" \t"u8);
        }
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxName || !Ascii.IsLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (var value in name)
        {
            if (!Ascii.IsLetterOrDigit(value) && value is not ((byte)'_' or (byte)'-' or (byte)'.'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) && !value.Contains((byte)'=');
}
