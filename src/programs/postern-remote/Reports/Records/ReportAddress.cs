using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Mail;
using Ascii = Postern.Text.Ascii;

namespace Postern.Remote.Reports.Records;

/// <summary>Where a report is sent (RFC 8460 §3): a mailbox or a place on a web server.</summary>
internal abstract record ReportAddress
{
    private ReportAddress()
    {
    }

    /// <summary>The host or domain that gets it.</summary>
    internal abstract string Host { get; }

    /// <summary>How it is written; two that are the same are written alike.</summary>
    internal abstract string Text { get; }

    /// <summary>A mailbox.</summary>
    /// <param name="Address">In ASCII, of a domain with a name.</param>
    internal sealed record Mail(Mailbox Address) : ReportAddress
    {
        /// <inheritdoc/>
        internal override string Host => Encoding.ASCII.GetString(Address.DomainText);

        /// <inheritdoc/>
        internal override string Text => $"mailto:{Encoding.ASCII.GetString(Address.Text)}";
    }

    /// <summary>A place on a web server.</summary>
    /// <param name="Server">The server's name, in lower case.</param>
    /// <param name="Target">Path and query as the request has them, beginning with a slash.</param>
    internal sealed record Web(string Server, string Target) : ReportAddress
    {
        /// <inheritdoc/>
        internal override string Host => Server;

        /// <inheritdoc/>
        internal override string Text => $"https://{Server}{Target}";
    }

    /// <summary>True for what can be a URI (RFC 3986 §2, §3.1), of whatever scheme, without the signs that part several.</summary>
    internal static bool IsUri(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon < 1 || !Ascii.IsLetter(text[0]))
        {
            return false;
        }

        foreach (var value in text[..colon])
        {
            if (!Ascii.IsLetterOrDigit(value) && !"+-."u8.Contains(value))
            {
                return false;
            }
        }

        for (var rest = text[(colon + 1)..]; !rest.IsEmpty; rest = rest[1..])
        {
            if (rest[0] == '%' ? rest.Length < 3 || !Ascii.IsHexDigit(rest[1]) || !Ascii.IsHexDigit(rest[2]) : !IsUriSign(rest[0]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a URI that reports are sent to.</summary>
    /// <param name="uri">What <see cref="IsUri"/> takes.</param>
    /// <param name="address">The address.</param>
    /// <returns>False for other schemes, and for what names nobody, or somebody by an address of IP or a port of his own.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> uri, [NotNullWhen(true)] out ReportAddress? address)
    {
        address = null;
        var colon = uri.IndexOf((byte)':');
        var rest = uri[(colon + 1)..];
        if (Ascii.EqualsIgnoreCase(uri[..colon], "mailto"u8))
        {
            address = TryReadMailbox(rest);
        }
        else if (Ascii.EqualsIgnoreCase(uri[..colon], "https"u8) && rest.StartsWith("//"u8))
        {
            address = TryReadPlace(rest[2..]);
        }

        return address is not null;
    }

    // RFC 6068: header fields may follow, which are not ours to write.
    private static Mail? TryReadMailbox(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'?', (byte)'#');
        text = end < 0 ? text : text[..end];
        Span<byte> plain = stackalloc byte[Mailbox.MaxLength];
        var length = 0;
        while (!text.IsEmpty)
        {
            if (length == plain.Length)
            {
                return null;
            }

            var isEncoded = text[0] == '%';
            plain[length++] = isEncoded ? (byte)((Ascii.HexValue(text[1]) * 16) + Ascii.HexValue(text[2])) : text[0];
            text = text[(isEncoded ? 3 : 1)..];
        }

        // An address has neither controls nor line ends, whatever was written for them.
        return Mailbox.TryParse(plain[..length], allowUtf8: false, out var mailbox) && !mailbox.HasLiteral ? new Mail(mailbox) : null;
    }

    private static Web? TryReadPlace(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        var host = end < 0 ? text : text[..end];
        var target = end < 0 ? default : text[end..];
        // What stands behind the sign of a fragment is not for the server (RFC 3986 §3.5).
        var fragment = target.IndexOf((byte)'#');
        target = fragment < 0 ? target : target[..fragment];
        if (host.EndsWith(":443"u8))
        {
            host = host[..^4];
        }

        // The last label begins with a letter, so that no name is an address of IPv4. A colon, as before a port, is in no name.
        if (!DomainName.TryParse(host, out var name) || !Ascii.IsLetter(name.Text[name.Text.LastIndexOf((byte)'.') + 1]))
        {
            return null;
        }

        var slash = target.StartsWith("/"u8) ? string.Empty : "/";
        return new Web(name.ToString(), slash + Encoding.ASCII.GetString(target));
    }

    // Without "," and ";", which part addresses and fields, and "!", which RFC 8460 §3 has encoded, too. Square brackets stand in
    // addresses of IP alone, which nobody is sent anything by.
    private static bool IsUriSign(byte value) => Ascii.IsLetterOrDigit(value) || "-._~:/?#[]@$&'()*+="u8.Contains(value);
}
