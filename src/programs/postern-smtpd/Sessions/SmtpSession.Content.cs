using System.Buffers;
using System.Runtime.CompilerServices;
using Postern.Ipc.Directory;
using Postern.Loop;
using Postern.Mail;
using Postern.Smtp;
using Postern.Smtpd.Commands;
using Postern.Smtpd.Transactions;

namespace Postern.Smtpd.Sessions;

// Content: DATA (RFC 5321 §4.1.1.4) and BDAT (RFC 3030 §2), and for LMTP a reply per recipient (RFC 2033 §4.2).
internal sealed partial class SmtpSession
{
    /// <summary>Takes content up to its dot.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> ReceiveDataAsync()
    {
        if (!MaySend()) return GiveUp(Replies.UserSentTooMuch);
        if (await OpenContentAsync() is not { } content) return GiveUp(Replies.LocalError);
        _client.Write(Replies.StartContent);
        var status = await _client.FlushAsync();
        var decoder = new DotDecoder();
        var progress = OperationStatus.NeedMoreData;
        _clock.ContentBegins();
        while (status == IoStatus.Done && progress == OperationStatus.NeedMoreData && !content.IsEndless)
        {
            var room = await content.RoomAsync();
            var read = await _client.ReadContentAsync(room);
            status = read.Status;
            if (status != IoStatus.Done) break;
            _clock.ContentCame(read.Count);
            var received = room.Span[..read.Count];
            progress = content.Decode(decoder, received, out var consumed);
            // What follows the dot is the next command. Behind a fault nothing is understood any more.
            if (progress == OperationStatus.Done) _client.PutBack(received[consumed..]);
        }

        if (status != IoStatus.Done) return new CommandOutcome(FarewellTo(status), NextStep.Close);
        if (decoder.Fault != LineFault.None) _server.Log.LineFault(this, decoder.Fault, isContent: true);
        var reply = await FinishMessageAsync(content);
        return new CommandOutcome(reply, progress == OperationStatus.Done ? NextStep.ReadOn : NextStep.Close);
    }

    /// <summary>Takes a chunk, exactly as long as was announced.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> ReceiveChunkAsync(BdatCommand chunk)
    {
        var copies = chunk.IsLast ? CopiesOfReply : 0;
        if (Transaction!.Content is null && !MaySend()) return await SwallowChunkAsync(chunk, GiveUp(Replies.UserSentTooMuch));
        if ((Transaction!.Content ?? await OpenContentAsync()) is not { } content)
        {
            var outcome = await SwallowChunkAsync(chunk, GiveUp(Replies.LocalError));
            if (outcome.Reply == Replies.LocalError) await WriteCopiesAsync(Replies.LocalError, copies);
            return outcome;
        }

        _clock.ContentBegins();
        for (var rest = chunk.Size; rest > 0 && !content.IsEndless;)
        {
            var room = await content.RoomAsync();
            var (status, count) = await TakeContentAsync(room[..(int)Math.Min(rest, room.Length)]);
            if (status != IoStatus.Done) return new CommandOutcome(FarewellTo(status), NextStep.Close);
            content.Take(room.Span[..count]);
            rest -= count;
        }

        if (chunk.IsLast) content.EndChunks();
        if (!chunk.IsLast && content.Refusal is null) return Replies.ChunkOk;
        var fault = content.Checker.Fault;
        if (fault != LineFault.None) _server.Log.LineFault(this, fault, isContent: true);
        var mustClose = fault != LineFault.None || content.IsEndless;
        var reply = chunk.IsLast ? await FinishMessageAsync(content) : RefuseMessage(content);
        return new CommandOutcome(reply, mustClose ? NextStep.Close : NextStep.ReadOn);
    }

    /// <summary>Passes over a chunk that nobody wants: exactly its bytes, since those behind it are a command.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> SwallowChunkAsync(BdatCommand chunk, SmtpReply reply)
    {
        _clock.ContentBegins();
        // Longer than any message could be: waiting for its end serves nobody.
        if (chunk.Size > Settings.MessageSize + MessageContent.MaxSwallowed) return new CommandOutcome(reply, NextStep.Close);
        for (var rest = chunk.Size; rest > 0;)
        {
            if (_client.UnreadLength == 0 && await _client.FillAsync(isContent: true) is not IoStatus.Done and var status)
            {
                return new CommandOutcome(FarewellTo(status), NextStep.Close);
            }

            var count = (int)Math.Min(rest, _client.UnreadLength);
            _client.Consume(count);
            _clock.ContentCame(count);
            rest -= count;
        }

        return reply;
    }

    /// <summary>Takes bytes of a chunk: those that came along with the command first.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<IoResult> TakeContentAsync(Memory<byte> room)
    {
        if (_client.UnreadLength == 0)
        {
            var sent = await _client.FlushAsync();
            if (sent != IoStatus.Done) return new IoResult(sent, 0);
            var read = await _client.ReadContentAsync(room);
            _clock.ContentCame(read.Count);
            return read;
        }

        var count = Math.Min(room.Length, _client.UnreadLength);
        _client.Unread[..count].CopyTo(room.Span);
        _client.Consume(count);
        return new IoResult(IoStatus.Done, count);
    }

    /// <summary>Opens a message at the queue; null when there is none.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<MessageContent?> OpenContentAsync()
    {
        var transaction = Transaction!;
        if (await _server.Queue.OpenAsync(_question.Wait) is not { } submission) return null;
        var authors = User is null ? null : new AuthorScanner();
        transaction.Content = new MessageContent(submission, _server.Loop.Buffers, new TraceStamp(this, transaction), Settings.MessageSize, authors);
        return transaction.Content;
    }

    /// <summary>Hands the message over and tells the client what became of it.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SmtpReply> FinishMessageAsync(MessageContent content)
    {
        if (content.Authors is { } authors && content.Refusal is null && await JudgeAuthorsAsync(authors) is { } reason) content.Refuse(reason);
        var reply = await content.CommitAsync(Transaction!, Peer.Address);
        var copies = CopiesOfReply;
        if (reply.IsPositive)
        {
            _server.Log.Accepted(this, content);
            _tally.Accepted();
        }
        else
        {
            _server.Log.Refused(this, "message", reply, Transaction!.Sender);
        }

        EndTransaction();
        await WriteCopiesAsync(reply, copies);
        return reply;
    }

    /// <summary>Says why a user may not send what she wrote (RFC 6409 §6.3): null when all of its authors are hers.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SmtpReply?> JudgeAuthorsAsync(AuthorScanner authors)
    {
        var fault = authors.Read(Transaction!.IsUtf8, out var from, out var sender);
        if (fault != AuthorFault.None) return AuthorReplies.For(fault);
        foreach (var author in sender is null ? from : [.. from, sender])
        {
            // Who is in the envelope was asked about already.
            if (author.Equals(Transaction.Sender)) continue;
            var verdict = await _server.Directory.AskAsync(_question, author.Bytes, User);
            if (verdict != AddressVerdict.Local) return verdict == AddressVerdict.Unavailable ? Replies.LocalError : AuthorReplies.NotOwn;
        }

        return null;
    }

    /// <summary>How often the reply to content is sent beyond the once that the caller sees to. RFC 2033 §4.2: one for each recipient
    /// that was accepted, in their order.</summary>
    private int CopiesOfReply => Peer.IsLmtp ? Transaction!.Recipients.Count - 1 : 0;

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteCopiesAsync(SmtpReply reply, int copies)
    {
        for (; copies > 0; copies--)
        {
            if (!_client.HasRoomForReply) _ = await _client.FlushAsync();
            _client.Write(reply);
        }
    }

    private SmtpReply RefuseMessage(MessageContent content)
    {
        var reply = content.Refusal!;
        _server.Log.Refused(this, "message", reply, Transaction!.Sender);
        EndTransaction();
        return reply;
    }

    /// <summary>Counts the message for the user who has logged in, if one has; false when it is one too many.</summary>
    private bool MaySend() => User is null || _server.Sent.TryAdd(User, Transaction!.Recipients.Count, Settings.Sending);

    /// <summary>The message is not taken: there is no queue to hand it to, or it is one too many.</summary>
    private SmtpReply GiveUp(SmtpReply reply)
    {
        _server.Log.Refused(this, "message", reply, Transaction!.Sender);
        EndTransaction();
        return reply;
    }
}
