using System.Text;

namespace Postern.Smtp;

/// <summary>Recognises a client that speaks something else than SMTP, to be closed at its first line.</summary>
/// <remarks>
/// A browser can be made to send a request whose body reads like mail commands, and an SMTP server that shrugs off the
/// request's own lines as errors will execute them (ALPACA and its older kin). No mail client begins a line like this.
/// </remarks>
public static class ForeignProtocol
{
    /// <summary>Judges the first bytes of a command line; they need not be complete, and may hold a NUL.</summary>
    /// <returns>True for an HTTP method, an SSH banner, and a first byte that is neither a letter nor white space nor
    /// eight-bit: a TLS record (0x16), for one. The exceptions are merely unknown commands.</returns>
    public static bool IsStart(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) return false;
        byte first = line[0];
        if (!char.IsAsciiLetter((char)first)) return first < 0x80 && first is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
        return Starts(line, "GET "u8) || Starts(line, "POST "u8) || Starts(line, "CONNECT "u8) || Starts(line, "PUT "u8)
            || Starts(line, "HEAD "u8) || Starts(line, "OPTIONS "u8) || Starts(line, "DELETE "u8) || Starts(line, "PATCH "u8)
            || Starts(line, "TRACE "u8) || Starts(line, "PRI * HTTP/"u8) || Starts(line, "SSH-"u8);
    }

    private static bool Starts(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word) =>
        line.Length >= word.Length && Ascii.EqualsIgnoreCase(line[..word.Length], word);
}
