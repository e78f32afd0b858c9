using Postern.Ipc.Notices;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Table;
using Postern.Spool;

namespace Postern.Queue.Notices;

/// <summary>One recipient of which a sender is owed a notification, and where the result record is that says so.</summary>
internal readonly record struct OwedNotice(int Recipient, NoticeAction Action, RecordPosition Position);

/// <summary>Keeps what senders are owed and has <c>bounce</c> compose it, one notification per message and event.</summary>
internal sealed class NoticeDesk
{
    /// <summary>Notifications being composed at one time; each holds at most a header of the original.</summary>
    private const int MaxComposing = 8;

    /// <summary>How long a notification that could not be composed waits.</summary>
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(30);

    private readonly QueueCore _core;
    private readonly Dictionary<int, List<OwedNotice>> _owed = [];
    private readonly Queue<int> _waiting = new();
    private readonly List<int> _postponed = [];
    private readonly LoopTimer _retry;

    internal NoticeDesk(QueueCore core, EventLoop loop)
    {
        _core = core;
        _retry = loop.CreateTimer(WaitAgain);
    }

    /// <summary>Composes notifications; set once at the start.</summary>
    internal BouncePeer? Bounce { get; set; }

    /// <summary>Notifications whose text is coming in.</summary>
    internal IEnumerable<Notice> Composing => Bounce?.Notices ?? [];

    /// <summary>True when a success must be reported.</summary>
    internal bool WantsSuccess(int message, int recipient) =>
        !IsNull(message) && ((NotifyOn)_core.Table.Recipients[recipient].Notify & NotifyOn.Success) != 0;

    /// <summary>True when a failure must be reported; of a message from the null sender to postmaster.</summary>
    internal bool WantsFailure(int message, int recipient)
    {
        var notify = (NotifyOn)_core.Table.Recipients[recipient].Notify;
        return (notify == NotifyOn.Unspecified || (notify & NotifyOn.Failure) != 0)
            && (_core.Table.Messages[message].Marks & MessageMarks.LastResort) == 0;
    }

    /// <summary>True when a delay should be reported, and was not yet.</summary>
    internal bool WantsDelay(int message, int recipient)
    {
        var notify = (NotifyOn)_core.Table.Recipients[recipient].Notify;
        return (notify == NotifyOn.Unspecified || (notify & NotifyOn.Delay) != 0)
            && (_core.Table.Messages[message].Marks & (MessageMarks.Warned | MessageMarks.NullSender)) == 0;
    }

    /// <summary>Notes a debt; it is in the log already.</summary>
    internal void Owe(int message, int recipient, NoticeAction action, RecordPosition position)
    {
        if (!_owed.TryGetValue(message, out var owed))
        {
            _owed[message] = owed = new List<OwedNotice>(1);
            _waiting.Enqueue(message);
        }

        // The same debt may be told by a checkpoint and by its record.
        owed.RemoveAll(known => known.Recipient == recipient && known.Action == action);
        owed.Add(new OwedNotice(recipient, action, position));
    }

    /// <summary>What a message's sender is owed.</summary>
    internal IReadOnlyList<OwedNotice> OwedOf(int message) => _owed.TryGetValue(message, out var owed) ? owed : [];

    /// <summary>The record of a debt was written anew further along the log.</summary>
    internal void Move(int message, int place, RecordPosition position) =>
        _owed[message][place] = _owed[message][place] with { Position = position };

    /// <summary>Has composed what waits; called after each commit, so that a debt is durable before it is paid.</summary>
    internal void Run()
    {
        while (Bounce is { Sink: not null } bounce && bounce.Composing < MaxComposing && _waiting.TryDequeue(out var message))
        {
            if (!_owed.TryGetValue(message, out var owed))
            {
                continue;
            }

            var kind = KindOf(owed[0].Action);
            List<OwedNotice> items = owed.FindAll(item => KindOf(item.Action) == kind);
            if (kind == NoticeKind.Failure || !IsNull(message))
            {
                bounce.Compose(message, kind, items);
            }
            else
            {
                Settle(message, items);
            }
        }
    }

    /// <summary>A notification is durable: its debts are paid.</summary>
    internal void Settle(int message, List<OwedNotice> items)
    {
        foreach (var item in items)
        {
            if (item.Action == NoticeAction.Delayed)
            {
                _core.Table.Messages[message].Marks |= MessageMarks.Warned;
            }
            else
            {
                _core.Table.Finish(message, item.Recipient);
            }
        }

        if (_owed.TryGetValue(message, out var owed))
        {
            owed.RemoveAll(items.Contains);
            if (owed.Count == 0)
            {
                _owed.Remove(message);
            }
            else
            {
                _waiting.Enqueue(message);
            }
        }

        _core.RemoveIfFinished(message);
    }

    /// <summary>A debt was found paid while the log was read at start.</summary>
    internal void SettleByNumber(int message, uint[] numbers)
    {
        var items = OwedOf(message).Where(item => numbers.Contains((uint)_core.Table.Recipients[item.Recipient].Number)).ToList();
        Settle(message, items);
    }

    /// <summary>A message's entry is gone; its debts will be told anew.</summary>
    internal void Forget(int message) => _owed.Remove(message);

    /// <summary>A notification could not be composed now.</summary>
    internal void Retry(int message)
    {
        _postponed.Add(message);
        _retry.Set(_again);
    }

    private void WaitAgain()
    {
        _postponed.ForEach(_waiting.Enqueue);
        _postponed.Clear();
        Run();
    }

    private bool IsNull(int message) => (_core.Table.Messages[message].Marks & MessageMarks.NullSender) != 0;

    private static NoticeKind KindOf(NoticeAction action) => action switch
    {
        NoticeAction.Failed => NoticeKind.Failure,
        NoticeAction.Delayed => NoticeKind.Delay,
        _ => NoticeKind.Success,
    };
}

/// <summary>What a notification is about.</summary>
internal enum NoticeKind
{
    /// <summary>Recipients were given up.</summary>
    Failure = 0,

    /// <summary>Recipients are late.</summary>
    Delay = 1,

    /// <summary>Recipients were served and the sender wanted to know.</summary>
    Success = 2,
}
