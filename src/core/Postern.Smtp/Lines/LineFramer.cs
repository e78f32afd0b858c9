using System.Buffers;

namespace Postern.Smtp;

/// <summary>Finds complete CRLF lines in a receive buffer (RFC 5321 §2.3.8).</summary>
/// <remarks>
/// It keeps no state: the caller offers the unread bytes again when more have come. A verdict depends on the bytes of the
/// line alone, never on how many of them happened to be there, so pauses and packet borders change nothing.
/// </remarks>
public static class LineFramer
{
    /// <summary>
    /// The longest command line, CRLF included. RFC 5321 §4.5.3.1.4 demands 512, and the extensions in use add to MAIL and
    /// RCPT: SIZE 26, BODY 17, SMTPUTF8 10, DSN 500 each way, AUTH 500. 2048 holds their sum and is what Postfix allows.
    /// </summary>
    public const int MaxCommandLine = 2048;

    /// <summary>The longest line of an AUTH exchange, CRLF included (RFC 4954 §4 asks for 12288).</summary>
    public const int MaxAuthLine = 12288;

    /// <summary>Looks for one line at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">The unread bytes.</param>
    /// <param name="max">The longest line allowed, in bytes, CRLF included; at least 2.</param>
    /// <param name="length">With Done: the bytes of the line, CRLF included. Else 0.</param>
    /// <param name="fault">With InvalidData: the reason. After <see cref="LineFault.TooLong"/> and
    /// <see cref="LineFault.Nul"/> the rest of the line can be passed over with <see cref="Discard"/>; after a bare CR or LF
    /// nobody can say where the peer believes that its line ends, so the connection has to be closed.</param>
    /// <returns>Done, NeedMoreData or InvalidData.</returns>
    public static OperationStatus Find(ReadOnlySpan<byte> buffer, int max, out int length, out LineFault fault)
    {
        length = 0;
        fault = LineFault.None;
        var window = buffer.Length > max ? buffer[..max] : buffer;
        int at = window.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        if (at < 0 || (window[at] == '\r' && at + 1 == window.Length))
        {
            // A CR in the last place that the limit leaves can't be followed by its LF any more.
            if (window.Length < max) return OperationStatus.NeedMoreData;
            fault = LineFault.TooLong;
            return OperationStatus.InvalidData;
        }
        if (window[at] == '\r' && window[at + 1] == '\n')
        {
            length = at + 2;
            return OperationStatus.Done;
        }
        fault = window[at] switch
        {
            (byte)'\r' => LineFault.BareCarriageReturn,
            (byte)'\n' => LineFault.BareLineFeed,
            _ => LineFault.Nul,
        };
        return OperationStatus.InvalidData;
    }

    /// <summary>Passes over the rest of a line that was refused, up to and including its CRLF.</summary>
    /// <param name="buffer">The unread bytes, from within the refused line.</param>
    /// <param name="consumed">How many bytes the caller may drop. A last CR stays until its LF is there.</param>
    /// <param name="fault">With InvalidData: the bare CR or LF that makes the line's end a matter of opinion.</param>
    /// <returns>Done when the line's end is among the consumed bytes; NeedMoreData or InvalidData.</returns>
    public static OperationStatus Discard(ReadOnlySpan<byte> buffer, out int consumed, out LineFault fault)
    {
        fault = LineFault.None;
        consumed = buffer.IndexOfAny((byte)'\r', (byte)'\n');
        if (consumed < 0)
        {
            consumed = buffer.Length;
            return OperationStatus.NeedMoreData;
        }
        if (buffer[consumed] == '\n')
        {
            fault = LineFault.BareLineFeed;
            return OperationStatus.InvalidData;
        }
        if (consumed + 1 == buffer.Length) return OperationStatus.NeedMoreData;
        if (buffer[consumed + 1] == '\n')
        {
            consumed += 2;
            return OperationStatus.Done;
        }
        fault = LineFault.BareCarriageReturn;
        return OperationStatus.InvalidData;
    }
}
