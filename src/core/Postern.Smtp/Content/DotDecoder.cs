using System.Buffers;

namespace Postern.Smtp;

/// <summary>Takes the content of one message out of what a client sends after DATA (RFC 5321 §4.1.1.4, §4.5.2).</summary>
/// <remarks>
/// Only CRLF "." CRLF ends the message, and a bare CR, bare LF or NUL anywhere before it refuses the message: an end that
/// one server sees and the next one does not is how a second message is smuggled past the first server's checks.
/// Lines keep their CRLF; the dot that the client put before a line's own first dot is taken out. An object serves one
/// message; input may be cut anywhere.
/// </remarks>
public sealed class DotDecoder
{
    private Position _position;

    /// <summary>Where the next byte stands.</summary>
    private enum Position : byte
    {
        /// <summary>At the start of a line. So it begins: the CRLF of DATA counts as the one before the dot (§4.1.1.4).</summary>
        LineStart,

        /// <summary>Inside a line.</summary>
        InLine,

        /// <summary>After a CR inside a line.</summary>
        AfterReturn,

        /// <summary>After a dot at the start of a line. It is never content: either it was stuffed or it ends the message.</summary>
        AfterDot,

        /// <summary>After a CR that followed such a dot.</summary>
        AfterDotReturn,

        /// <summary>After the end.</summary>
        Ended,
    }

    /// <summary>Why <see cref="Decode"/> returned InvalidData.</summary>
    public LineFault Fault { get; private set; }

    /// <summary>Decodes the next bytes from the client.</summary>
    /// <param name="input">Bytes from the client, cut anywhere.</param>
    /// <param name="output">Receives content; never more bytes than are consumed. It may start where
    /// <paramref name="input"/> starts: decoding in place is safe.</param>
    /// <param name="consumed">Bytes of the input that are done with. With Done, those behind it are the next command.</param>
    /// <param name="written">Bytes of content in the output.</param>
    /// <returns>NeedMoreData: the input is used up. DestinationTooSmall: the output is full. Done: the message ended.
    /// InvalidData: the message is refused, see <see cref="Fault"/>; go on with <see cref="Discard"/>.</returns>
    public OperationStatus Decode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (Fault != LineFault.None) return OperationStatus.InvalidData;
        if (_position == Position.Ended) return OperationStatus.Done;
        while (consumed < input.Length)
        {
            byte value = input[consumed];
            switch (_position)
            {
                case Position.LineStart:
                    _position = value == '.' ? Position.AfterDot : Position.InLine;
                    if (value == '.') consumed++;
                    break;
                case Position.AfterDot:
                    _position = value == '\r' ? Position.AfterDotReturn : Position.InLine;
                    if (value == '\r') consumed++;
                    break;
                case Position.AfterDotReturn:
                    if (value != '\n') return Refuse(LineFault.BareCarriageReturn);
                    consumed++;
                    _position = Position.Ended;
                    return OperationStatus.Done;
                case Position.AfterReturn:
                    if (value != '\n') return Refuse(LineFault.BareCarriageReturn);
                    if (written == output.Length) return OperationStatus.DestinationTooSmall;
                    output[written++] = value;
                    consumed++;
                    _position = Position.LineStart;
                    break;
                default:
                    int room = Math.Min(input.Length - consumed, output.Length - written);
                    if (room == 0) return OperationStatus.DestinationTooSmall;
                    int run = ContentScan.Run(input.Slice(consumed, room), out bool atLineStart);
                    Copy(input.Slice(consumed, run), output[written..]);
                    consumed += run;
                    written += run;
                    if (atLineStart) _position = Position.LineStart;
                    if (atLineStart || run == room) break;
                    value = input[consumed];
                    if (value != '\r') return Refuse(ContentScan.FaultOf(value));
                    output[written++] = value;
                    consumed++;
                    _position = Position.AfterReturn;
                    break;
            }
        }
        return OperationStatus.NeedMoreData;
    }

    /// <summary>Passes over the rest of a message that is refused: for a fault, for its size, for any other reason.</summary>
    /// <remarks>It looks for the one true end and forgives everything else, so that one reply can be given where the client
    /// expects it and no byte of the message is ever taken for a command.</remarks>
    /// <param name="input">Bytes from the client, from where <see cref="Decode"/> stopped, cut anywhere.</param>
    /// <param name="consumed">Bytes of the input that are done with. With Done, those behind it are the next command.</param>
    /// <returns>NeedMoreData: the input is used up. Done: the message ended.</returns>
    public OperationStatus Discard(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        if (_position == Position.Ended) return OperationStatus.Done;
        while (consumed < input.Length)
        {
            if (_position == Position.InLine)
            {
                int next = input[consumed..].IndexOf((byte)'\r');
                consumed = next < 0 ? input.Length : consumed + next + 1;
                if (next >= 0) _position = Position.AfterReturn;
                continue;
            }
            var after = After(_position, input[consumed]);
            // A byte that leads back into the line is looked at again there: it may be the CR of a true line end.
            if (after != Position.InLine) consumed++;
            _position = after;
            if (after == Position.Ended) return OperationStatus.Done;
        }
        return OperationStatus.NeedMoreData;
    }

    private static Position After(Position position, byte value) => (position, value) switch
    {
        (Position.LineStart, (byte)'.') => Position.AfterDot,
        (Position.AfterDot, (byte)'\r') => Position.AfterDotReturn,
        (Position.AfterReturn, (byte)'\n') => Position.LineStart,
        (Position.AfterDotReturn, (byte)'\n') => Position.Ended,
        _ => Position.InLine,
    };

    private static void Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        // Decoding in place moves nothing until the first dot is taken out.
        if (!from.Overlaps(to, out int offset) || offset != 0) from.CopyTo(to);
    }

    private OperationStatus Refuse(LineFault fault)
    {
        Fault = fault;
        return OperationStatus.InvalidData;
    }
}
