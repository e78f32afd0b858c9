using System.Buffers;
using System.Runtime.CompilerServices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Smtp;
using Postern.Smtpd.Commands;
using Postern.Smtpd.Peers;
using Postern.Text;

namespace Postern.Smtpd.Transactions;

/// <summary>The content of one message on its way from the client into the queue.</summary>
/// <remarks>
/// Content is read into the piece that will be sent, and decoded in place. The first piece fits an ordinary message and
/// leaves room at its front for the trace line, which can be written only when the queue has told the message's id; a longer
/// message goes on in larger pieces. A user's message has room left behind its header, too: what it lacks is put at the
/// header's end, as its start is long gone by then. Once there is a reason to refuse, everything up to the true end is passed
/// over.
/// </remarks>
internal sealed class MessageContent(Submission submission, BufferPool buffers, TraceStamp trace, long maxSize, AuthorScanner? authors)
{
    /// <summary>The most hosts that may have had the message: RFC 5321 §6.3 wants a limit of at least 100.</summary>
    private const int MaxHops = 100;

    /// <summary>Room left in a piece below which it is sent: reading in crumbs costs more than another frame.</summary>
    private const int MinRoom = 2048;

    /// <summary>Bytes passed over behind the point of refusal, beyond the size limit: a client that goes on for longer will
    /// not come to an end. Arbitrary.</summary>
    internal const long MaxSwallowed = 16 * 1024 * 1024;

    /// <summary>Room for what a header lacks, and for the line end that its last line may lack.</summary>
    private const int MaxMissing = TraceStamp.MaxMissing + 2;

    private readonly HeaderScanner _header = new();
    private ContentChecker? _checker;
    private byte[]? _piece;
    private int _start;
    private int _filled;
    private bool _hasBegun;
    private bool _isOver;
    private bool _mayLackFields = authors is not null;
    private long _swallowed;

    /// <summary>Bytes of content, without the trace line.</summary>
    internal long Size { get; private set; }

    /// <summary>Why the message is refused, once it is.</summary>
    internal SmtpReply? Refusal { get; private set; }

    /// <summary>In whose name the message is written, when a user sends it (RFC 6409 §6.3).</summary>
    internal AuthorScanner? Authors => authors;

    /// <summary>What content by count has to be like; unused for DATA.</summary>
    internal ContentChecker Checker => _checker ??= new ContentChecker();

    /// <summary>The queue's id.</summary>
    internal ulong Message => submission.Message ?? 0;

    /// <summary>True when so much was passed over that the end is not worth waiting for.</summary>
    internal bool IsEndless => _swallowed > maxSize + MaxSwallowed;

    /// <summary>Where the next bytes go; hands a full piece over first.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<Memory<byte>> RoomAsync()
    {
        var reserved = Reserved;
        if (_piece is null)
        {
            _piece = buffers.Rent();
            _start = _filled = TraceStamp.MaxLength;
        }
        else if (_piece.Length - _filled - reserved < MinRoom && !await HandOverAsync(isLast: false))
        {
            Refuse(Replies.LocalError);
        }

        return _piece.AsMemory(_filled, _piece!.Length - _filled - reserved);
    }

    /// <summary>Takes bytes of DATA, which stand in the room.</summary>
    /// <param name="decoder">The message's decoder.</param>
    /// <param name="received">The bytes; decoded in place.</param>
    /// <param name="consumed">How many of them belong to the message.</param>
    /// <returns>Done at the end; InvalidData when the connection has to be closed; else NeedMoreData.</returns>
    internal OperationStatus Decode(DotDecoder decoder, Span<byte> received, out int consumed)
    {
        if (Refusal is null)
        {
            var status = decoder.Decode(received, received, out consumed, out var written);
            Accept(received[..written]);
            if (status != OperationStatus.InvalidData) return status;
            // A fault behind the size limit was not asked about: the verdict must not depend on how the bytes came.
            if (Refusal is null)
            {
                Refuse(Replies.ForContent(decoder.Fault));
                return OperationStatus.InvalidData;
            }
        }
        else
        {
            consumed = 0;
        }

        var passed = decoder.Discard(received[consumed..], out var more);
        consumed += more;
        _swallowed += more;
        return passed;
    }

    /// <summary>Takes bytes of a chunk, which stand in the room.</summary>
    internal void Take(ReadOnlySpan<byte> received)
    {
        if (Refusal is not null)
        {
            _swallowed += received.Length;
            return;
        }

        // What is counted comes before what is judged: as in DATA, the first reason in the order of the bytes wins.
        var fits = (int)Math.Min(received.Length, maxSize - Size);
        if (!Checker.Check(received[..fits])) Refuse(Replies.ForContent(Checker.Fault));
        else Accept(received);
    }

    /// <summary>The last chunk is in: a CR that waits for its LF waits in vain.</summary>
    internal void EndChunks()
    {
        if (Refusal is null && !Checker.Complete()) Refuse(Replies.ForContent(Checker.Fault));
    }

    /// <summary>Ends the message: the queue has it on stable storage, or the reply says why not. Its envelope comes last, as the header has a part in it.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<SmtpReply> CommitAsync(SmtpTransaction transaction, IpAddress client)
    {
        if (Refusal is null && !await HandOverAsync(isLast: true)) Refuse(Replies.LocalError);
        ReleasePiece();
        if (Refusal is not null) return Refusal;
        _isOver = true;
        transaction.SendEnvelope(submission, client, _header);
        return SessionReplies.Of(await submission.CommitAsync(), Message);
    }

    /// <summary>Refuses the message: the queue forgets it, and what follows is passed over.</summary>
    internal void Refuse(SmtpReply reason)
    {
        if (Refusal is not null) return;
        Refusal = reason;
        End();
        // The piece stays, as the place where the rest is read to.
        _filled = _start = 0;
    }

    /// <summary>Drops the message.</summary>
    internal void Abandon()
    {
        End();
        ReleasePiece();
    }

    private int Reserved => _mayLackFields ? MaxMissing : 0;

    private void End()
    {
        if (_isOver) return;
        _isOver = true;
        submission.Abort();
    }

    private void Accept(ReadOnlySpan<byte> content)
    {
        // Only what fits is looked at: the first reason in the order of the bytes wins, however they were cut.
        var fits = content[..(int)Math.Min(content.Length, maxSize - Size)];
        var before = _header.HeaderLength;
        _header.Feed(fits);
        authors?.Feed(fits[..(int)(_header.HeaderLength - before)]);
        Size += content.Length;
        if (_header.ReceivedCount > MaxHops)
        {
            Refuse(Replies.TooManyHops);
        }
        else if (Size > maxSize)
        {
            Refuse(Replies.TooBig);
        }
        else
        {
            _filled += content.Length;
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> HandOverAsync(bool isLast)
    {
        if (!_hasBegun)
        {
            if (!await submission.OpenedAsync()) return false;
            _piece ??= StartEmpty();
            _start -= trace.Write(_piece.AsSpan(0, _start), Message, _piece.AsSpan(_start, _filled - _start));
            _hasBegun = true;
        }

        var kept = CompleteHeader(isLast);
        var end = _filled - kept.Length;
        if (end > _start && !await submission.SendContentAsync(_piece.AsMemory(_start, end - _start))) return false;
        _start = 0;
        _filled = kept.Length;
        if (!isLast && _piece!.Length < FrameLimits.MaxContent)
        {
            ReleasePiece();
            _piece = ArrayPool<byte>.Shared.Rent(FrameLimits.MaxContent);
        }

        kept.CopyTo(_piece.AsSpan());
        return true;
    }

    /// <summary>Puts what a user's header lacks at its end, once it is there.</summary>
    /// <returns>The last byte while it is not: it may be the first half of the empty line, and that is still to come behind the fields.</returns>
    private byte[] CompleteHeader(bool isLast)
    {
        if (!_mayLackFields) return [];
        if (!_header.Ended && !isLast) return _filled > _start ? [_piece![_filled - 1]] : [];
        _mayLackFields = false;
        // A header without an empty line behind it ends with the message. Its last line may have come in a chunk, without an end.
        var rest = _header.Ended ? (int)(Size - _header.HeaderLength) + 2 : 0;
        if (!_header.Ended) _header.Finish();
        Span<byte> fields = stackalloc byte[MaxMissing];
        var written = trace.WriteMissing(_header, Message, fields[2..]);
        if (written == 0) return [];
        "\r\n"u8.CopyTo(fields);
        fields = rest == 0 && Size > 0 && _piece![_filled - 1] != '\n' ? fields[..(written + 2)] : fields.Slice(2, written);
        var behind = _piece.AsSpan(_filled - rest);
        behind[..rest].CopyTo(behind[fields.Length..]);
        fields.CopyTo(behind);
        _filled += fields.Length;
        return [];
    }

    private byte[] StartEmpty()
    {
        _start = _filled = TraceStamp.MaxLength;
        return buffers.Rent();
    }

    private void ReleasePiece()
    {
        if (_piece is null) return;
        if (_piece.Length == BufferPool.Size) buffers.Return(_piece);
        else ArrayPool<byte>.Shared.Return(_piece);
        _piece = null;
    }
}
