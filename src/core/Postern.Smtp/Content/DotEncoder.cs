using System.Buffers;

namespace Postern.Smtp;

/// <summary>Prepares the content of one message for DATA: doubles the dot at the start of a line and ends the message
/// (RFC 5321 §4.5.2).</summary>
/// <remarks>
/// It is the last place that can keep a smuggled message in: content with a bare CR, bare LF or NUL is refused, whichever
/// way it came into the queue, and no such byte is written. What was written before the fault is then worthless: the
/// connection has to be closed without the end. An object serves one message; content may be cut anywhere.
/// </remarks>
public sealed class DotEncoder
{
    /// <summary>The most bytes that <see cref="TryFinish"/> writes: CRLF "." CRLF.</summary>
    public const int MaxEnd = 5;

    private Position _position;

    /// <summary>Where the next byte of content stands.</summary>
    private enum Position : byte
    {
        /// <summary>At the start of a line, where the first byte of a message stands, too.</summary>
        LineStart,

        /// <summary>Inside a line.</summary>
        InLine,

        /// <summary>After a CR, which is held back until its LF comes: a bare one must not reach the peer.</summary>
        AfterReturn,
    }

    /// <summary>Why the content was refused, or None.</summary>
    public LineFault Fault { get; private set; }

    /// <summary>Encodes the next bytes of content.</summary>
    /// <param name="input">Content, cut anywhere.</param>
    /// <param name="output">Receives what is sent; must not overlap the input. At least 2 bytes make progress certain.</param>
    /// <param name="consumed">Bytes of the input that are done with.</param>
    /// <param name="written">Bytes in the output.</param>
    /// <returns>Done: the input is used up. DestinationTooSmall: the output is full. InvalidData: see <see cref="Fault"/>.</returns>
    public OperationStatus Encode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (Fault != LineFault.None) return OperationStatus.InvalidData;
        while (consumed < input.Length)
        {
            byte value = input[consumed];
            switch (_position)
            {
                case Position.LineStart when value != '.':
                    _position = Position.InLine;
                    break;
                case Position.LineStart:
                    if (!TryWrite(".."u8, output, ref written)) return OperationStatus.DestinationTooSmall;
                    consumed++;
                    _position = Position.InLine;
                    break;
                case Position.AfterReturn:
                    if (value != '\n') return Refuse(LineFault.BareCarriageReturn);
                    if (!TryWrite("\r\n"u8, output, ref written)) return OperationStatus.DestinationTooSmall;
                    consumed++;
                    _position = Position.LineStart;
                    break;
                default:
                    int room = Math.Min(input.Length - consumed, output.Length - written);
                    if (room == 0) return OperationStatus.DestinationTooSmall;
                    int run = ContentScan.Run(input.Slice(consumed, room), out bool atLineStart);
                    input.Slice(consumed, run).CopyTo(output[written..]);
                    consumed += run;
                    written += run;
                    if (atLineStart) _position = Position.LineStart;
                    if (atLineStart || run == room) break;
                    if (input[consumed] != '\r') return Refuse(ContentScan.FaultOf(input[consumed]));
                    consumed++;
                    _position = Position.AfterReturn;
                    break;
            }
        }
        return OperationStatus.Done;
    }

    /// <summary>Writes the end of the message, after a CRLF of its own when the last line has none (RFC 5321 §4.1.1.4).</summary>
    /// <param name="output">At least <see cref="MaxEnd"/> bytes.</param>
    /// <param name="written">Bytes in the output.</param>
    /// <returns>False when the content was refused or ends with a CR alone: then nothing may end the message.</returns>
    public bool TryFinish(Span<byte> output, out int written)
    {
        written = 0;
        if (_position == Position.AfterReturn) Fault = LineFault.BareCarriageReturn;
        if (Fault != LineFault.None) return false;
        var end = _position == Position.LineStart ? ".\r\n"u8 : "\r\n.\r\n"u8;
        end.CopyTo(output);
        written = end.Length;
        return true;
    }

    private static bool TryWrite(ReadOnlySpan<byte> pair, Span<byte> output, ref int written)
    {
        if (output.Length - written < pair.Length) return false;
        pair.CopyTo(output[written..]);
        written += pair.Length;
        return true;
    }

    private OperationStatus Refuse(LineFault fault)
    {
        Fault = fault;
        return OperationStatus.InvalidData;
    }
}
