using System.Buffers;
using System.Runtime.CompilerServices;
using Postern.Ipc.Submission;
using Postern.Loop;
using Postern.Smtp;
using Postern.Smtpd.Commands;
using Postern.Smtpd.Listening;
using Postern.Smtpd.Peers;
using Postern.Smtpd.Settings;
using Postern.Smtpd.Transactions;

namespace Postern.Smtpd.Sessions;

/// <summary>One client's connection from the greeting to its end (RFC 5321 §3.1 to §3.8, RFC 2033).</summary>
/// <remarks>
/// Everything happens on the loop's thread, in the order of the client's bytes. Commands that need nobody else are carried out
/// one after another without waiting; the phases that wait (recipients, content) are methods of their own.
/// </remarks>
internal sealed partial class SmtpSession
{
    /// <summary>Bytes of an overlong line that are passed over before the connection is closed. Arbitrary: room for a client
    /// that puts all of its recipients into one line.</summary>
    private const int MaxPassedOver = 64 * 1024;

    private static readonly CommandOutcome _fill = new(null, NextStep.Fill);
    private static readonly CommandOutcome _tooManyErrors = new(Replies.TooManyErrors, NextStep.Close);

    // What outlives this session and is shared with the others.
    private readonly SmtpServer _server;

    // The client's bytes in, our replies out; another one once TLS has begun.
    private ClientStream _client;

    // How long the client may take.
    private readonly SessionClock _clock;

    // What this session waits for another program by: one thing at a time.
    private readonly AddressQuestion _question;

    // What the client did that is tolerated only so often.
    private SessionTally _tally;

    // Bytes of an overlong line passed over so far; 0 outside such a line.
    private int _passedOver;

    // True while nothing is under way but the client's next command: such a session can be closed at once.
    private bool _isIdle;

    internal SmtpSession(SmtpServer server, Connection connection, SessionPeer peer)
    {
        _server = server;
        Peer = peer;
        Settings = server.Settings;
        _clock = new SessionClock(server, Settings, peer.IsTrusted);
        _client = new ClientStream(connection, _clock);
        _question = new AddressQuestion(new TimedWait(server.Loop));
    }

    /// <summary>Who is connected.</summary>
    internal SessionPeer Peer { get; }

    /// <summary>The configuration that was in force when the session began.</summary>
    internal SmtpdSettings Settings { get; }

    /// <summary>What was agreed by TLS; null while all is said in the clear.</summary>
    internal SessionSecurity? Security { get; private set; }

    /// <summary>The AUTH command that is being carried out.</summary>
    internal LoginAttempt? Attempt { get; set; }

    /// <summary>The account that has logged in; null before.</summary>
    internal byte[]? User { get; private set; }

    /// <summary>True when mail for other domains is taken from here.</summary>
    internal bool MayRelay => User is not null || Peer.MayRelay;

    /// <summary>How the client introduced itself; null before.</summary>
    internal ClientHello? Hello { get; set; }

    /// <summary>The message under way; null between messages.</summary>
    internal SmtpTransaction? Transaction { get; set; }

    /// <summary>Whether the queue takes new messages.</summary>
    internal QueueCondition QueueCondition => _server.Queue.Condition;

    /// <summary>The wall clock.</summary>
    internal DateTimeOffset Now => _server.Loop.Time.GetUtcNow();

    /// <summary>Where the session stands.</summary>
    internal SessionPhase Phase =>
        Hello is null ? SessionPhase.Greeted
        : Transaction is null ? SessionPhase.Ready
        : Transaction.Content is not null ? SessionPhase.Chunks
        : Transaction.Recipients.Count == 0 ? SessionPhase.Sender
        : SessionPhase.Recipients;

    /// <summary>Serves the client until its connection is closed; never fails.</summary>
    internal async Task RunAsync()
    {
        try
        {
            await ServeAsync();
        }
        catch (Exception failure)
        {
            // Ours, and in this session: the others have nothing to do with it.
            _server.Log.Crashed(this, failure);
            _client.TrySend(SessionReplies.Crashed);
        }
        finally
        {
            EndTransaction();
            _client.Close();
            _server.Ended(this);
        }
    }

    /// <summary>Ends a session that is between two commands; another one ends after what it is at.</summary>
    internal void Stop()
    {
        if (_isIdle) _client.Interrupt();
    }

    /// <summary>Drops the message under way (RFC 5321 §4.1.1.5).</summary>
    internal void EndTransaction()
    {
        Transaction?.Abandon();
        Transaction = null;
    }

    /// <summary>Counts a message that begins; true when it is one too many. Trusted clients keep one connection for all.</summary>
    internal bool CountTransaction() => !Peer.IsTrusted && _tally.AddTransaction();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask ServeAsync()
    {
        _clock.CommandDone();
        if (Peer.BeginsWithTls && !(await _server.Tls.ConnectedAsync(_question.Wait) && await SecureAsync())) return;
        if (_client.HasTalked())
        {
            // RFC 5321 §3.1: the greeting comes first. Who does not wait for it does not read replies either.
            await CloseAsync(Replies.EarlyTalker);
            return;
        }

        _client.Write(Peer.IsLmtp ? Settings.Replies.LmtpGreeting : Settings.Replies.Greeting);
        while (await FillAsync() && await CarryOutAsync())
        {
        }
    }

    /// <summary>Waits for the client's next bytes; false when the session is over.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> FillAsync()
    {
        if (_server.IsStopping) return await CloseAsync(Replies.ShuttingDown);
        _isIdle = true;
        var status = await _client.FillAsync(isContent: false);
        _isIdle = false;
        return status == IoStatus.Done || await CloseAsync(FarewellTo(status));
    }

    /// <summary>Carries out commands until more bytes are needed; false when the session is over.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> CarryOutAsync()
    {
        while (true)
        {
            if (!_client.HasRoomForReply && await _client.FlushAsync() is not IoStatus.Done and var status)
            {
                return await CloseAsync(FarewellTo(status));
            }

            var outcome = TakeCommand();
            if (outcome.Next == NextStep.Fill) return true;
            outcome = outcome.Next switch
            {
                NextStep.AskDirectory => await AskDirectoryAsync(),
                NextStep.ReceiveData => await ReceiveDataAsync(),
                NextStep.ReceiveChunk => await ReceiveChunkAsync(outcome.Chunk),
                NextStep.SwallowChunk => await SwallowChunkAsync(outcome.Chunk, outcome.Reply!),
                NextStep.StartTls => await StartTlsAsync(),
                NextStep.LogIn => await LogInAsync(),
                NextStep.AskSender => await AskAboutSenderAsync(),
                _ => outcome,
            };
            // TLS has begun, and what the client says in it may have come along.
            if (outcome.Next == NextStep.Fill) continue;
            _clock.CommandDone();
            if (outcome.Next != NextStep.Close && IsOneTooMany(outcome.Reply!)) outcome = _tooManyErrors;
            if (outcome.Next == NextStep.Close) return await CloseAsync(outcome.Reply);
            _client.Write(outcome.Reply!);
        }
    }

    /// <summary>Frames one command line, and carries the command out as far as that needs no waiting.</summary>
    private CommandOutcome TakeCommand()
    {
        if (_passedOver > 0) return PassOver();
        var unread = _client.Unread;
        switch (LineFramer.Find(unread, LineFramer.MaxCommandLine, out var length, out var fault))
        {
            case OperationStatus.Done:
                var outcome = CarryOut(CommandLine.Parse(unread[..(length - 2)]), isLast: length == unread.Length);
                _client.Consume(length);
                return outcome;
            case OperationStatus.NeedMoreData:
                return ForeignProtocol.IsStart(unread) ? PlainCommands.ForeignProtocol(this, default) : _fill;
            default:
                if (ForeignProtocol.IsStart(unread)) return PlainCommands.ForeignProtocol(this, default);
                _server.Log.LineFault(this, fault, isContent: false);
                if (fault != LineFault.TooLong) return new CommandOutcome(Replies.ForCommandLine(fault), NextStep.Close);
                _passedOver = 1;
                return Replies.LineTooLong;
        }
    }

    private CommandOutcome CarryOut(in CommandLine command, bool isLast)
    {
        var rule = CommandTable.RuleOf(command.Verb);
        if (!isLast && (rule.Traits & CommandTraits.EndsGroup) != 0)
        {
            _server.Log.Refused(this, "pipelining", Replies.BadPipelining);
            return new CommandOutcome(Replies.BadPipelining, NextStep.Close);
        }

        if ((rule.Traits & CommandTraits.Harmless) != 0 && _tally.AddHarmless()) return _tooManyErrors;
        return (rule.AllowedIn & Phase) != 0
            ? rule.Handle(this, command.Argument)
            : SessionReplies.OutOfPlace(command.Verb, this);
    }

    /// <summary>Drops what is left of an overlong line, which was answered already.</summary>
    private CommandOutcome PassOver()
    {
        var status = LineFramer.Discard(_client.Unread, out var consumed, out var fault);
        _client.Consume(consumed);
        _passedOver += consumed;
        if (fault != LineFault.None || _passedOver > MaxPassedOver) return new CommandOutcome(null, NextStep.Close);
        if (status == OperationStatus.Done) _passedOver = 0;
        return status == OperationStatus.Done && _client.UnreadLength > 0 ? TakeCommand() : _fill;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> AskDirectoryAsync()
    {
        var verdict = await _server.Directory.AskAsync(_question, Transaction!.Candidate.Mailbox.Bytes);
        var reply = EnvelopeCommands.Judge(this, verdict);
        if (reply.IsPositive) return reply;
        _server.Log.RecipientRefused(this, reply);
        return reply.Code == 550 && !Peer.IsTrusted && _tally.AddRefusedRecipient() ? _tooManyErrors : reply;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> AskAboutSenderAsync()
    {
        var sender = Transaction!.Sender!;
        var reply = EnvelopeCommands.JudgeSender(this, await _server.Directory.AskAsync(_question, sender.Bytes, User));
        if (!reply.IsPositive) _server.Log.Refused(this, "sender", reply, sender);
        return reply;
    }

    /// <summary>Says a last word, if there is one to say, and lets the client read it; always false.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> CloseAsync(SmtpReply? farewell)
    {
        // The queue need not keep what nobody will finish while the client takes its time.
        EndTransaction();
        if (farewell is not null) _client.Write(farewell);
        if (farewell == Replies.Bye)
        {
            // After QUIT nothing is on its way to us that could turn our closing into a reset.
            _ = await _client.FlushAsync();
            return false;
        }

        if (farewell is not null) _server.Log.Closed(this, farewell);
        if (_client.HasReplies) await _client.LingerAsync();
        return false;
    }

    /// <summary>What is said to a client that did not send or read any more; nothing to one that is gone.</summary>
    private SmtpReply? FarewellTo(IoStatus status) =>
        status != IoStatus.TimedOut ? null : _server.IsStopping ? Replies.ShuttingDown : Replies.TimedOut;

    /// <summary>Counts a reply that brings no message nearer. Who makes a mistake while others wait at the door makes no second;
    /// content for nobody is no mistake, as its client may not have read the reply to RCPT yet, but not without end.</summary>
    private bool IsOneTooMany(SmtpReply reply) =>
        reply == Replies.NoValidRecipients || reply == Replies.NoValidLmtpRecipients ? _tally.AddHarmless()
        : reply.Code / 100 == 4 ? !Peer.IsTrusted && _tally.AddPutOff()
        : IsMistake(reply) && (_tally.AddError() || (!Peer.IsTrusted && _server.IsCrowded));

    /// <summary>True for replies that say: the command was wrong in itself.</summary>
    private static bool IsMistake(SmtpReply reply) => reply.Code is (>= 500 and <= 504) or 553 or 555;
}
