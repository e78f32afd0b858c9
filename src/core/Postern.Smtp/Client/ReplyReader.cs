using System.Buffers;
using Postern.Mail;

namespace Postern.Smtp;

/// <summary>Reads a server's replies, one after another, from bytes that come in any pieces (RFC 5321 §4.2).</summary>
/// <remarks>
/// The server is a stranger: what it says ends up in logs, queue records and notifications, so only a short text of
/// printable ASCII is kept of it, and the size of a reply is limited. Line ends are CRLF here as everywhere: a reader that
/// also takes a bare LF counts other replies than a strict one on the way, and with PIPELINING a reply that is counted
/// wrongly is the result of another recipient. A missing text ("250" alone) is forgiven, as §4.2 asks.
/// </remarks>
public sealed class ReplyReader
{
    /// <summary>The most bytes of one reply. Arbitrary: a hundred lines of the 512 bytes of §4.5.3.1.5, and some more.</summary>
    public const int MaxReply = 65536;

    /// <summary>The most lines of one reply. Arbitrary: the longest EHLO replies have about 30.</summary>
    public const int MaxLines = 100;

    /// <summary>The most bytes kept of the text: a whole line of the largest size (§4.5.3.1.5).</summary>
    public const int MaxText = 512;

    private readonly byte[] _line = new byte[MaxText];
    private readonly byte[] _text = new byte[MaxText];
    private EhloCapabilities? _capabilities;
    private Position _position;
    private bool _isLast;
    private int _lineCode;
    private int _lineLength;
    private int _lines;
    private int _length;
    private int _textLength;

    /// <summary>Where the next byte stands.</summary>
    private enum Position : byte
    {
        /// <summary>In the code.</summary>
        FirstDigit,

        /// <summary>In the code, after one digit.</summary>
        SecondDigit,

        /// <summary>In the code, after two digits.</summary>
        ThirdDigit,

        /// <summary>After the code.</summary>
        Separator,

        /// <summary>In the text.</summary>
        Text,

        /// <summary>After a CR.</summary>
        AfterReturn,

        /// <summary>After the reply.</summary>
        Ended,
    }

    /// <summary>The reply code, 200 to 599; 0 before the first line is complete.</summary>
    public int Code { get; private set; }

    /// <summary>The enhanced status of the first line, if it has one of the code's class (RFC 2034 §4).</summary>
    public EnhancedStatus? Status { get; private set; }

    /// <summary>Why <see cref="Read"/> returned InvalidData.</summary>
    public ReplyFault Fault { get; private set; }

    /// <summary>The text of all lines without their enhanced status, joined by spaces: printable ASCII, at most
    /// <see cref="MaxText"/> bytes, other bytes escaped. Valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    /// <summary>Gets ready for the next reply.</summary>
    /// <param name="capabilities">For the reply to EHLO or LHLO: what gathers its lines.</param>
    public void Begin(EhloCapabilities? capabilities = null)
    {
        _capabilities = capabilities;
        _position = Position.FirstDigit;
        _lines = _length = _textLength = _lineLength = 0;
        Code = 0;
        Status = null;
        Fault = ReplyFault.None;
    }

    /// <summary>Reads on.</summary>
    /// <param name="input">Bytes from the server, cut anywhere.</param>
    /// <param name="consumed">Bytes that are done with. With Done, those behind it belong to the next reply, which the
    /// caller expects or not.</param>
    /// <returns>NeedMoreData, Done or InvalidData: then nothing that follows on this connection can be attributed to a
    /// command.</returns>
    public OperationStatus Read(ReadOnlySpan<byte> input, out int consumed)
    {
        for (consumed = 0; consumed < input.Length && Fault == ReplyFault.None && _position != Position.Ended; consumed++)
        {
            if (_length == MaxReply) Fault = ReplyFault.TooLong;
            else Step(input[consumed]);
            if (Fault != ReplyFault.None) break;
            _length++;
        }
        if (Fault != ReplyFault.None) return OperationStatus.InvalidData;
        return _position == Position.Ended ? OperationStatus.Done : OperationStatus.NeedMoreData;
    }

    private void Step(byte value)
    {
        switch (_position)
        {
            case Position.FirstDigit:
                // §4.2.1 gives the first digit a meaning from 2 to 5. The others only inform, and servers invent them.
                if (value is < (byte)'2' or > (byte)'5') Fault = ReplyFault.NotAReply;
                else if (_lines == MaxLines) Fault = ReplyFault.TooManyLines;
                _lineCode = value - '0';
                _lineLength = 0;
                _position = Position.SecondDigit;
                break;
            case Position.SecondDigit:
            case Position.ThirdDigit:
                if (value is < (byte)'0' or > (byte)'9') Fault = ReplyFault.NotAReply;
                else _lineCode = (_lineCode * 10) + (value - '0');
                _position = _position == Position.SecondDigit ? Position.ThirdDigit : Position.Separator;
                break;
            case Position.Separator:
                if (_lines > 0 && _lineCode != Code) Fault = ReplyFault.CodesDiffer;
                else if (value is not ((byte)' ' or (byte)'-' or (byte)'\r')) Fault = ReplyFault.NotAReply;
                _isLast = value != '-';
                _position = value == '\r' ? Position.AfterReturn : Position.Text;
                break;
            case Position.Text when value is (byte)'\n' or 0:
                Fault = ReplyFault.LineDiscipline;
                break;
            case Position.Text when value == '\r':
                _position = Position.AfterReturn;
                break;
            case Position.Text:
                if (_lineLength < _line.Length) _line[_lineLength++] = value;
                break;
            default:
                if (value == '\n') EndLine();
                else Fault = ReplyFault.LineDiscipline;
                break;
        }
    }

    private void EndLine()
    {
        ReadOnlySpan<byte> line = _line.AsSpan(0, _lineLength);
        Code = _lineCode;
        if (_capabilities is not null && _lines > 0) _capabilities.Add(line);
        var text = TakeStatus(line, out var status);
        if (_lines == 0) Status = status;
        Keep(text);
        _lines++;
        _position = _isLast ? Position.Ended : Position.FirstDigit;
    }

    /// <summary>Takes the enhanced status off the start of a line, if one of the code's class is there.</summary>
    private ReadOnlySpan<byte> TakeStatus(ReadOnlySpan<byte> line, out EnhancedStatus? status)
    {
        status = null;
        if (!EnhancedStatus.TryRead(line, out var value, out int consumed) || value.Class != Code / 100) return line;
        status = value;
        return line[consumed..];
    }

    private void Keep(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        if (text.IsEmpty) return;
        if (_textLength > 0 && _textLength < _text.Length) _text[_textLength++] = (byte)' ';
        _textLength += ReplyText.Escape(text, _text.AsSpan(_textLength));
    }
}
