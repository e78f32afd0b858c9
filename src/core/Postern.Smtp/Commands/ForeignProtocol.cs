using Postern.Text;

namespace Postern.Smtp;

/// <summary>Recognises a client that speaks something else than SMTP, to be closed at its first line.</summary>
/// <remarks>
/// A browser can be made to send a request whose body reads like mail commands, and an SMTP server that shrugs off the
/// request's own lines as errors will execute them (ALPACA and its older kin). No mail client begins a line like this.
/// </remarks>
public static class ForeignProtocol
{
    private static readonly byte[][] Openings =
    [
        "GET "u8.ToArray(), "POST "u8.ToArray(), "CONNECT "u8.ToArray(), "PUT "u8.ToArray(), "HEAD "u8.ToArray(), "OPTIONS "u8.ToArray(),
        "DELETE "u8.ToArray(), "PATCH "u8.ToArray(), "TRACE "u8.ToArray(), "PRI * HTTP/"u8.ToArray(), "SSH-"u8.ToArray(),
    ];

    /// <summary>Judges the first bytes of a command line; they need not be complete, and may hold a NUL.</summary>
    /// <returns>True for an HTTP method, an SSH banner, and a first byte that is neither a letter nor white space nor
    /// eight-bit: a TLS record (0x16), for one. The exceptions are merely unknown commands.</returns>
    public static bool IsStart(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) return false;
        byte first = line[0];
        if (!Ascii.IsLetter(first)) return first < 0x80 && first is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
        foreach (byte[] opening in Openings)
        {
            if (Ascii.StartsWithIgnoreCase(line, opening)) return true;
        }
        return false;
    }
}
