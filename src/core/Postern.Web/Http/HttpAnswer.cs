using System.Buffers;
using System.Text;

namespace Postern.Web.Http;

/// <summary>Reads the one answer on a connection, from bytes that come in any pieces (RFC 9112).</summary>
/// <remarks>
/// No client of HTTP, but as much of one as policies, reports and certificates need: no redirections, no caching, no encodings, one request per
/// connection. The server is a stranger, and so is limited in all that it can make us keep. Line ends are CRLF, as everywhere:
/// real servers of HTTP have no others.
/// </remarks>
public sealed class HttpAnswer
{
    /// <summary>The most bytes of all that is not content: the header, chunks' sizes, and fields behind the last chunk.
    /// Arbitrary: what widespread servers and clients allow for a header.</summary>
    public const int MaxHeader = 16384;

    internal const string TooLong = "a content that is too long";

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly HttpWanted _wanted;
    private HttpHead _head;
    private Place _place;
    private int _overhead;
    private int _due;

    /// <summary>Begins to read one.</summary>
    /// <param name="wanted">Which answers are taken.</param>
    public HttpAnswer(HttpWanted wanted) => (_wanted, _head) = (wanted, new HttpHead(wanted));

    /// <summary>Where the next byte stands.</summary>
    private enum Place
    {
        /// <summary>In the first line.</summary>
        StatusLine,

        /// <summary>In the header, after the first line.</summary>
        Fields,

        /// <summary>In a content of known length.</summary>
        Content,

        /// <summary>In a content that ends with the connection.</summary>
        ContentUntilEnd,

        /// <summary>In the line before a chunk.</summary>
        ChunkSize,

        /// <summary>In a chunk.</summary>
        Chunk,

        /// <summary>In the line end behind a chunk.</summary>
        ChunkEnd,

        /// <summary>In the fields behind the last chunk.</summary>
        Trailer,
    }

    /// <summary>How far it has come.</summary>
    public HttpStatus Status { get; private set; }

    /// <summary>Why it is refused, in a few printable words of ours; null while it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>The content, at most <see cref="HttpWanted.MaxLength"/> bytes; empty before the answer is whole.</summary>
    public ReadOnlySpan<byte> Body => Status == HttpStatus.Done ? _content.WrittenSpan : default;

    /// <summary>The status, 100 to 999; 0 before there is one.</summary>
    public int Code => _head.Code;

    /// <summary>The value of a field, a character for each byte; null when there is none, or only 200 was wanted.</summary>
    public string? Field(string name) => _head.Field(Encoding.ASCII.GetBytes(name)) is { } value ? Encoding.Latin1.GetString(value) : null;

    /// <summary>Reads on.</summary>
    /// <param name="bytes">Bytes from the server, cut anywhere.</param>
    /// <param name="consumed">Bytes that belong to the answer; behind one that is whole, others may follow that nobody asked for.</param>
    public HttpStatus Feed(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        while (Status == HttpStatus.NeedsMore && consumed < bytes.Length)
        {
            if (_place is Place.Content or Place.ContentUntilEnd or Place.Chunk) consumed += TakeContent(bytes[consumed..]);
            else TakeByte(bytes[consumed++]);
        }
        return Status;
    }

    /// <summary>Notes that the server ended the connection, and that TLS vouches for it (close_notify).</summary>
    /// <remarks>An end that anybody on the way could have made is none to tell here: half a policy may be a policy, too.</remarks>
    public HttpStatus End()
    {
        if (Status != HttpStatus.NeedsMore) return Status;
        if (_place == Place.ContentUntilEnd) Status = HttpStatus.Done;
        else Refuse("an answer that breaks off");
        return Status;
    }

    private void Refuse(string reason)
    {
        Status = HttpStatus.Refused;
        Reason = reason;
    }

    private int TakeContent(ReadOnlySpan<byte> bytes)
    {
        if (_due == 0)
        {
            Refuse(TooLong);
            return 0;
        }
        int count = Math.Min(bytes.Length, _due);
        _content.Write(bytes[..count]);
        _due -= count;
        if (_due > 0) return count;
        if (_place == Place.Content) Status = HttpStatus.Done;
        else if (_place == Place.Chunk) _place = Place.ChunkEnd;
        return count;
    }

    /// <summary>Takes a byte of a line. Whole lines go on without their ends.</summary>
    private void TakeByte(byte value)
    {
        bool afterReturn = _line.WrittenCount > 0 && _line.WrittenSpan[^1] == '\r';
        if (++_overhead > MaxHeader) Refuse("a header that is too long");
        else if (afterReturn != (value == '\n') || (value < ' ' && value is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) || value == 0x7f) Refuse("a control character or a broken line end");
        else if (!afterReturn) _line.Write([value]);
        else
        {
            if (TakeLine(_line.WrittenSpan[..^1]) is { } reason) Refuse(reason);
            _line.ResetWrittenCount();
        }
    }

    private string? TakeLine(ReadOnlySpan<byte> line)
    {
        switch (_place)
        {
            case Place.StatusLine:
                _place = Place.Fields;
                string? fault = _head.TakeStatusLine(line);
                if (fault is null && _wanted.EndsWithStatus && !_head.IsInterim) Status = HttpStatus.Done;
                return fault;
            case Place.Fields:
                return line.IsEmpty ? EndHeader() : _head.TakeField(line);
            case Place.ChunkSize:
                return TakeChunkSize(line);
            case Place.ChunkEnd:
                _place = Place.ChunkSize;
                return line.IsEmpty ? null : "a chunk that is longer than its size";
            default:
                if (line.IsEmpty) Status = HttpStatus.Done;
                // Nothing in these fields is for us (RFC 9110 §6.5.1).
                return line.IsEmpty || HttpHead.TryReadField(line, out _, out _) ? null : "a malformed field behind the content";
        }
    }

    private string? EndHeader()
    {
        if (_head.IsInterim)
        {
            _head = new HttpHead(_wanted);
            _place = Place.StatusLine;
            return null;
        }
        if (_head.Judge() is { } reason) return reason;
        if (_head.IsChunked) _place = Place.ChunkSize;
        else _place = _head.Length is null ? Place.ContentUntilEnd : Place.Content;
        _due = (int)(_head.Length ?? (ulong)_wanted.MaxLength);
        // RFC 9110 §15.3.5, §15.4.5: with these nothing follows, whatever the fields say.
        if (_head.Length == 0 || Code is 204 or 304) Status = HttpStatus.Done;
        return null;
    }

    /// <summary>Takes the line before a chunk; what extends it behind the number is passed over (RFC 9112 §7.1.1).</summary>
    private string? TakeChunkSize(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOfAny(" \t;"u8);
        var digits = end < 0 ? line : line[..end];
        if (digits.IsEmpty) return "a chunk without a size";
        int size = 0;
        foreach (byte digit in digits)
        {
            if (!Ascii.IsHexDigit(digit)) return "a chunk without a size";
            size = (size * 16) + Ascii.HexValue(digit);
            if (size > _wanted.MaxLength - _content.WrittenCount) return TooLong;
        }
        _due = size;
        _place = size == 0 ? Place.Trailer : Place.Chunk;
        return null;
    }
}
