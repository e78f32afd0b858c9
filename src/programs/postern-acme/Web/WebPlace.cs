using System.Diagnostics.CodeAnalysis;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Acme.Web;

/// <summary>An address of HTTPS that an authority named.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Port">The port.</param>
/// <param name="Target">What is asked for there, from the first slash on.</param>
internal sealed record WebPlace(string Text, string Host, ushort Port, string Target)
{
    /// <summary>The longest one that is taken. Arbitrary: those in use have some hundred characters.</summary>
    internal const int MaxLength = 1024;

    private const string Scheme = "https://";
    private const ushort DefaultPort = 443;

    /// <summary>The host as a request names it.</summary>
    internal string HostField => Port == DefaultPort ? Host : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Reads one: a host name, perhaps a port, and a path of printable ASCII. User names, fragments and addresses are refused.</summary>
    internal static bool TryParse(string? text, [NotNullWhen(true)] out WebPlace? place)
    {
        place = null;
        if (text is null || text.Length > MaxLength || !text.StartsWith(Scheme, StringComparison.Ordinal)
            || !text.All(letter => letter is > ' ' and <= '~' and not '"' and not '\\' and not '#'))
        {
            return false;
        }

        var rest = text[Scheme.Length..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var (authority, target) = end < 0 ? (rest, "/") : (rest[..end], rest[end] == '?' ? "/" + rest[end..] : rest[end..]);
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        var (host, port) = (colon < 0 ? authority : authority[..colon], (uint)DefaultPort);
        if (colon >= 0 && (!DecimalText.TryRead(System.Text.Encoding.ASCII.GetBytes(authority[(colon + 1)..]), ushort.MaxValue, out port) || port == 0))
        {
            return false;
        }

        // With digits at the end alone it is an address to some readers; with a dot there it is no name that a certificate has.
        // Neither is one with a label that begins or ends with a hyphen a host's (RFC 1123 §2.1).
        var dotted = $".{host}.";
        if (!host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            || dotted.Contains(".-", StringComparison.Ordinal)
            || dotted.Contains("-.", StringComparison.Ordinal)
            || host[(host.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit)
            || !DnsName.TryParse(System.Text.Encoding.ASCII.GetBytes(host), out _))
        {
            return false;
        }

        place = new WebPlace(text, host, (ushort)port, target);
        return true;
    }
}
