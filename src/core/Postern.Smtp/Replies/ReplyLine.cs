using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <summary>Writes one line of a reply (RFC 5321 §4.2).</summary>
internal static class ReplyLine
{
    /// <summary>The longest line, CRLF included (RFC 5321 §4.5.3.1.5).</summary>
    public const int MaxLine = 512;

    /// <summary>Writes a line; text that does not fit is cut.</summary>
    /// <param name="output">At least <see cref="MaxLine"/> bytes.</param>
    /// <param name="code">The reply code.</param>
    /// <param name="isLast">False when another line of the same reply follows.</param>
    /// <param name="status">The enhanced status (RFC 2034 §4: on every line), or null.</param>
    /// <param name="text">The text; whatever is not printable ASCII goes out escaped, so that quoting a peer's bytes can't
    /// end the line and begin a reply of the peer's own making.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> output, int code, bool isLast, EnhancedStatus? status, ReadOnlySpan<byte> text)
    {
        int length = DecimalText.Write((ulong)code, output);
        output[length++] = (byte)(isLast ? ' ' : '-');
        if (status is { } value)
        {
            length += value.Write(output[length..]);
            output[length++] = (byte)' ';
        }
        length += ReplyText.Escape(text, output[length..(MaxLine - 2)]);
        "\r\n"u8.CopyTo(output[length..]);
        return length + 2;
    }
}
