using Postern.Loop;
using Postern.Text;

namespace Postern.CommandLine.Sendmail;

/// <summary>Hands a client's lines to the server one after the other, each when the one before is answered.</summary>
/// <remarks>
/// Whoever types, or pipes a whole session in at once, neither waits for replies nor ends lines in CRLF; over a socket the
/// server refuses both. Here it is the caller's own session, in which nobody else's commands could hide.
/// </remarks>
internal sealed class SessionPacer
{
    /// <summary>More than a line of content may be long without being passed on in parts.</summary>
    private const int MaxWaiting = 64 * 1024;

    private readonly ByteQueue _waiting = new();
    private readonly ByteQueue _reply = new();
    private bool _mayTalk;
    private bool _asksForContent;
    private bool _isContent;
    private bool _isWithinLine;
    private long _chunk;
    private bool _hasEnded;

    /// <summary>What is to be sent to the server now; the caller consumes it.</summary>
    internal ByteQueue Outgoing { get; } = new();

    /// <summary>False while the client has to wait until there is room.</summary>
    internal bool HasRoom => _waiting.Length < MaxWaiting;

    /// <summary>True once the client has ended and everything of it is passed on.</summary>
    internal bool IsOver => _hasEnded && _waiting.Length == 0;

    /// <summary>Takes bytes of the client.</summary>
    internal void TakeFromClient(ReadOnlySpan<byte> bytes)
    {
        _waiting.Append(bytes);
        Pass();
    }

    /// <summary>The client says nothing more; a last line without its end counts.</summary>
    internal void EndClient()
    {
        _hasEnded = true;
        if (_waiting.Length > 0 && _waiting.Span[^1] != '\n')
        {
            _waiting.Append("\n"u8);
        }

        Pass();
    }

    /// <summary>Takes bytes of the server, to see where a reply ends.</summary>
    internal void TakeFromServer(ReadOnlySpan<byte> bytes)
    {
        _reply.Append(bytes);
        while (_reply.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = _reply.Span[..end];
            if (line.Length < 4 || line[3] != '-')
            {
                _mayTalk = true;
                _isContent = _asksForContent && line.StartsWith("354"u8);
                _asksForContent = false;
            }

            _reply.Consume(end + 1);
        }

        Pass();
    }

    private void Pass()
    {
        while (_mayTalk && _waiting.Length > 0 && (_chunk > 0 ? PassChunk() : PassLine()))
        {
        }
    }

    private bool PassChunk()
    {
        var count = (int)Math.Min(_chunk, _waiting.Length);
        Outgoing.Append(_waiting.Span[..count]);
        _waiting.Consume(count);
        _chunk -= count;
        _mayTalk = _chunk > 0;
        return true;
    }

    private bool PassLine()
    {
        var bytes = _waiting.Span;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            return PassPart();
        }

        // One CR belongs to the line's end. Another one is for the server to refuse: without it ".\r\r\n" would end the content.
        var line = bytes[..(end > 0 && bytes[end - 1] == '\r' ? end - 1 : end)];
        Outgoing.Append(line);
        Outgoing.Append("\r\n"u8);
        if (!_isContent)
        {
            Note(line);
        }
        else if (!_isWithinLine && line.SequenceEqual("."u8))
        {
            (_isContent, _mayTalk) = (false, false);
        }

        _isWithinLine = false;
        _waiting.Consume(end + 1);
        return true;
    }

    /// <summary>Passes on the beginning of a line that is too long to wait for; the last byte stays, it may belong to the line's end.</summary>
    private bool PassPart()
    {
        if (HasRoom)
        {
            return false;
        }

        var count = _waiting.Length - 1;
        Outgoing.Append(_waiting.Span[..count]);
        _waiting.Consume(count);
        return _isWithinLine = true;
    }

    /// <summary>Looks at a command: content comes after DATA's reply, and after BDAT at once (RFC 3030 §2).</summary>
    private void Note(ReadOnlySpan<byte> line)
    {
        _mayTalk = false;
        _asksForContent = Ascii.EqualsIgnoreCase(line, "DATA"u8);
        if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "BDAT "u8))
        {
            var size = line[5..];
            var end = size.IndexOf((byte)' ');
            _chunk = DecimalText.TryRead(end < 0 ? size : size[..end], uint.MaxValue, out var count) ? count : 0;
            _mayTalk = _chunk > 0;
        }
    }
}
