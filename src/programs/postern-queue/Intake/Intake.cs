using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Spool;

namespace Postern.Queue.Intake;

/// <summary>Takes messages from one sender of frames: smtpd, auth, which hands in notices, or a local program on the submission socket.</summary>
/// <remarks>
/// The sender is not trusted. It can hand messages in and nothing else: it names its transactions by its own numbers, never
/// a message, and what it hands in is limited in count, size and recipients.
/// </remarks>
/// <param name="core">The queue.</param>
/// <param name="committer">Makes messages durable.</param>
/// <param name="gate">Says whether new messages are taken.</param>
/// <param name="program">Which of ours it is; none for a local submitter.</param>
/// <param name="localUser">The uid of a local submitter, null for a program of ours.</param>
internal sealed class Intake(QueueCore core, Committer committer, IntakeGate gate, ProgramName program, uint? localUser) : IChannelEvents
{
    /// <summary>Messages that may come in at one time over one channel: from smtpd, and from others.</summary>
    private const int MaxOpen = 250_000, MaxOpenByOthers = 16;

    /// <summary>Bytes of memory that the envelopes of these may take together; more are to come again. Arbitrary.</summary>
    private const long MaxHeld = 64 * 1024 * 1024, MaxHeldByOthers = 2 * 1024 * 1024;

    /// <summary>The same that a message takes that waits for its commit, besides its envelope. Arbitrary, rather too much.</summary>
    private const int BytesPerCommit = 512;

    /// <summary>Answers that may be left unread: beyond it nothing more is read here.</summary>
    internal const int MaxUnsent = 1024 * 1024;

    private readonly Dictionary<uint, IncomingMessage> _open = [];
    private long _held;
    private int _committing;

    /// <summary>The uid of a local submitter; null for a program of ours, which tells of its messages itself.</summary>
    internal uint? LocalUser => localUser;

    /// <summary>Where answers go; set once the channel exists.</summary>
    internal IFrameSink? Sink { get; set; }

    /// <summary>Bytes of the log that the content of these takes together.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The messages that are coming in.</summary>
    internal IEnumerable<IncomingMessage> Open => _open.Values;

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content) && TakeContent(content))
        || (type == OpenMessageFrame.Type && OpenMessageFrame.TryRead(ref reader, out var open) && Begin(open.Transaction))
        || (type == SenderFrame.Type && SenderFrame.TryRead(ref reader, out var sender)
            && _open.TryGetValue(sender.Transaction, out var sent) && sent.Take(sender, core.Now))
        || (type == RecipientFrame.Type && RecipientFrame.TryRead(ref reader, out var recipient) && TakeRecipient(recipient))
        || (type == CommitFrame.Type && CommitFrame.TryRead(ref reader, out var commit) && Commit(commit.Transaction))
        || (type == AbortFrame.Type && AbortFrame.TryRead(ref reader, out var abort) && Close(abort.Transaction) is not null);

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            core.Events.Warning("submitter-refused").Word("user", LocalUser?.ToString() ?? program.ToString().ToLowerInvariant()).Write();
        }

        // What was not committed never was; what waits for its commit is durable all the same and will be delivered.
        _open.Clear();
        (Sink, Bytes) = (null, 0);
        ForgetIfOver();
    }

    private bool Begin(uint transaction)
    {
        if (_open.Count >= (program == ProgramName.Smtpd ? MaxOpen : MaxOpenByOthers) || _open.ContainsKey(transaction))
        {
            return false;
        }

        var message = new IncomingMessage(core.IssueId()) { Refusal = gate.Refusal };
        _open.Add(transaction, message);
        Sink!.Send(new MessageOpenedFrame { Transaction = transaction, Message = message.Id.Value });
        return true;
    }

    private IncomingMessage? Close(uint transaction)
    {
        if (_open.Remove(transaction, out var message))
        {
            _held -= message.Weight;
            Bytes -= message.LogBytes;
        }

        return message;
    }

    private bool TakeRecipient(scoped in RecipientFrame frame)
    {
        if (!_open.TryGetValue(frame.Transaction, out var message))
        {
            return false;
        }

        var before = message.Weight;
        var good = message.Take(frame);
        Hold(message, before);
        return good;
    }

    private void Hold(IncomingMessage message, int before)
    {
        _held += message.Weight - before;
        if (_held > (program == ProgramName.Smtpd ? MaxHeld : MaxHeldByOthers))
        {
            message.Refusal ??= SubmissionOutcome.Full;
        }
    }

    private bool TakeContent(scoped in ContentFrame content)
    {
        if (!_open.TryGetValue(content.Transaction, out var message))
        {
            return false;
        }

        if (message.Refusal is null && message.Size + content.Bytes.Length > core.Settings.MessageSize)
        {
            message.Refusal = SubmissionOutcome.TooLarge;
        }

        var (before, inLog) = (message.Weight, message.LogBytes);
        Store(message, content.Bytes);
        Bytes += message.LogBytes - inLog;
        Hold(message, before);
        Sink!.Send(new CreditFrame { Transaction = content.Transaction, Bytes = (uint)content.Bytes.Length });
        return true;
    }

    private void Store(IncomingMessage message, ReadOnlySpan<byte> content)
    {
        // A piece without bytes would take room all the same, and any number of them is within the size.
        if (message.Refusal is not null || content.IsEmpty)
        {
            message.Skip(content.Length);
        }
        else if (core.Log.AppendContent(message.Id, content, out var position) is not LogResult.Success and var refusal)
        {
            message.Refusal = refusal == LogResult.Full ? SubmissionOutcome.Full : SubmissionOutcome.Failed;
            message.Skip(content.Length);
            if (refusal == LogResult.Full)
            {
                gate.DiskIsFull();
            }
            else
            {
                committer.SyncAtTurnEnd(); // Which ends the run.
            }
        }
        else
        {
            message.Add(position, content.Length);
            committer.WriteOutAtTurnEnd();
        }
    }

    private bool Commit(uint transaction)
    {
        if (Close(transaction) is not { IsComplete: true } message)
        {
            return false;
        }

        if (message.Refusal is { } refusal)
        {
            Sink!.Send(new SubmissionAnswerFrame { Transaction = transaction, Outcome = refusal });
            return true;
        }

        _committing++;
        _held += message.Weight + BytesPerCommit;
        committer.Add(new Submission(this, transaction, message));
        return true;
    }

    /// <summary>A message that waited for its commit waits no longer.</summary>
    internal void Answered(IncomingMessage message)
    {
        _committing--;
        _held -= message.Weight + BytesPerCommit;
        ForgetIfOver();
    }

    /// <summary>Who is gone counts as long as something of his is in memory: else he could come back for as much again, and again.</summary>
    private void ForgetIfOver()
    {
        if (Sink is null && _committing == 0)
        {
            gate.Forget(this);
        }
    }
}
