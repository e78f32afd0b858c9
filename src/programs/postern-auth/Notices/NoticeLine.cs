using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Notices;

/// <summary>The line to the queue, which takes notices as it takes every message, one after the other.</summary>
/// <remarks>
/// A notice is worth little effort: it waits in memory while there is no queue or the queue takes nothing, and what the queue refuses is told to
/// the log, where the login stands anyway. One that was handed in when the queue died is handed in again, and may come twice.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class NoticeLine(TimeProvider time, EventLog log) : IChannelEvents
{
    /// <summary>Notices that may wait. Arbitrary: a hundred accounts in new places within the time that a queue takes to come back.</summary>
    internal const int MaxWaiting = 100;

    private readonly Queue<PlaceNotice> _waiting = [];
    private readonly NoticeCounts _counts = new(time);
    private Channel? _queue;

    // By the queue's own last word.
    private bool _takesMessages;

    // How far the first of those that wait is.
    private Step _step;
    private uint _transaction;
    private MessageId _id;

    private enum Step
    {
        None,
        Opening,
        Committing,
    }

    /// <summary>Whose notices they are; null when none are wanted. What waits keeps the one of its time.</summary>
    internal NoticeOrigin? Origin { get; set; }

    /// <summary>Takes a fresh channel to the queue; an older one is over.</summary>
    internal void Connect(Channel queue)
    {
        _queue?.Dispose();
        (_queue, _takesMessages, _step) = (queue, false, Step.None);
    }

    /// <summary>Has a user told of a login, unless there is a reason not to.</summary>
    internal void Tell(LoginRecord login)
    {
        if (Origin is not { } origin)
        {
            return;
        }

        if (!Mailbox.TryParse(login.Name, out var user))
        {
            Drop(login, "no-address");
        }
        else if (!_counts.TryAdd(login.Name))
        {
            Drop(login, "one-too-many");
        }
        else if (_waiting.Count == MaxWaiting)
        {
            Drop(login, "no-queue");
        }
        else
        {
            _waiting.Enqueue(new PlaceNotice(origin, user, login));
            Begin();
        }
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        (type == QueueStateFrame.Type && QueueStateFrame.TryRead(ref reader, out var state) && Take(state.Condition))
        || (type == MessageOpenedFrame.Type && MessageOpenedFrame.TryRead(ref reader, out var opened) && HandIn(opened))
        || (type == SubmissionAnswerFrame.Type && SubmissionAnswerFrame.TryRead(ref reader, out var answer) && End(answer))
        // A notice is far shorter than what may be under way without it.
        || (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out _));

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "queue").Write();
        }

        if (channel == _queue)
        {
            (_queue, _takesMessages, _step) = (null, false, Step.None);
        }
    }

    private bool Take(QueueCondition condition)
    {
        _takesMessages = condition == QueueCondition.Accepting;
        Begin();
        return true;
    }

    private void Begin()
    {
        if (_queue is { } queue && _takesMessages && _step == Step.None && _waiting.Count > 0)
        {
            (_step, _transaction) = (Step.Opening, unchecked(_transaction + 1));
            queue.Send(new OpenMessageFrame { Transaction = _transaction });
        }
    }

    private bool HandIn(in MessageOpenedFrame opened)
    {
        if (_step != Step.Opening || opened.Transaction != _transaction)
        {
            return false;
        }

        (_step, _id) = (Step.Committing, new MessageId(opened.Message));
        var notice = _waiting.Peek();
        _queue!.Send(new SenderFrame
        {
            Transaction = _transaction,
            Address = [],
            EnvelopeId = [],
            Return = ReturnContent.Unspecified,
            Body = notice.NeedsSmtpUtf8 ? BodyType.EightBitMime : BodyType.SevenBit,
            Handling = notice.NeedsSmtpUtf8 ? Handling.SmtpUtf8 : Handling.None,
            Protocol = MailProtocol.Internal,
            Release = 0,
            Client = [],
        });
        // An account need not have a mailbox, and nobody else is to be told that it has none.
        _queue.Send(new RecipientFrame { Transaction = _transaction, Address = notice.To.Text, Original = [], Notify = (ushort)NotifyOn.Never });
        _queue.Send(new ContentFrame { Transaction = _transaction, Bytes = notice.Write(_id) });
        _queue.Send(new CommitFrame { Transaction = _transaction });
        return true;
    }

    private bool End(in SubmissionAnswerFrame answer)
    {
        if (_step != Step.Committing || answer.Transaction != _transaction)
        {
            return false;
        }

        _step = Step.None;
        var login = _waiting.Dequeue().Login;
        if (answer.Outcome == SubmissionOutcome.Committed)
        {
            log.Info("login-notice").Word("id", _id.ToString()).Quoted("user", login.Name).Word("client", login.Address.ToString()).Write();
        }
        else
        {
            Drop(login, answer.Outcome.ToString());
        }

        Begin();
        return true;
    }

    private void Drop(LoginRecord login, string reason) =>
        log.Warning("login-notice-dropped").Word("reason", reason).Quoted("user", login.Name).Word("client", login.Address.ToString()).Write();
}
