using System.Globalization;
using System.Text;

namespace Postern.Web.Http;

/// <summary>Writes a request, one to a connection (RFC 9110, RFC 9112).</summary>
public static class HttpRequest
{
    private static ReadOnlySpan<byte> Common => "\r\nUser-Agent: Postern\r\nAccept-Encoding: identity\r\nConnection: close\r\n"u8;

    /// <summary>One for what there is at a place.</summary>
    /// <param name="host">The host, with its port if that is not the usual one.</param>
    /// <param name="target">The place, from its first slash on.</param>
    /// <param name="accept">The type that is asked for.</param>
    /// <exception cref="ArgumentException">A text with a space or a control character: it would be a request of somebody else's.</exception>
    public static byte[] Get(string host, string target, string accept) =>
        [.. "GET "u8, .. Word(target), .. " HTTP/1.1\r\nHost: "u8, .. Word(host), .. "\r\nAccept: "u8, .. Word(accept), .. Common, .. "\r\n"u8];

    /// <summary>One that brings a content.</summary>
    /// <param name="host">The host, with its port if that is not the usual one.</param>
    /// <param name="target">The place, from its first slash on.</param>
    /// <param name="type">The content's type.</param>
    /// <param name="content">The content.</param>
    /// <exception cref="ArgumentException">As above.</exception>
    public static byte[] Post(string host, string target, string type, ReadOnlySpan<byte> content) =>
    [
        .. "POST "u8, .. Word(target), .. " HTTP/1.1\r\nHost: "u8, .. Word(host), .. "\r\nContent-Type: "u8, .. Word(type),
        .. "\r\nContent-Length: "u8, .. Word(content.Length.ToString(CultureInfo.InvariantCulture)), .. Common, .. "\r\n"u8, .. content,
    ];

    private static byte[] Word(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return !bytes.AsSpan().ContainsAnyExceptInRange((byte)'!', (byte)'~') && bytes.Length > 0 ? bytes
            : throw new ArgumentException("Not a word of printable ASCII.", nameof(text));
    }
}
