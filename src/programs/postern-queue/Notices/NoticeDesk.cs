using Postern.Ipc.Notices;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Queue.Table;
using Postern.Spool;

namespace Postern.Queue.Notices;

/// <summary>Keeps what senders are owed and has <c>bounce</c> compose it, one notification per message and event.</summary>
/// <remarks>
/// A message can be over before a debt of it is paid: it was late, and then it was delivered. So every look at a debt
/// asks first whether its message is still the one in its place.
/// </remarks>
internal sealed class NoticeDesk
{
    /// <summary>
    /// Recipients in one notification: with the longest addresses and replies a report of so many stays below
    /// <see cref="Notice.MaxSize"/>. What is over goes into another.
    /// </summary>
    internal const int MaxRecipients = 1000;

    /// <summary>Notifications being composed at one time; each holds at most a header of the original.</summary>
    private const int MaxComposing = 8;

    /// <summary>How long a notification that could not be composed waits.</summary>
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(30);

    private readonly QueueCore _core;
    private readonly Dictionary<int, Debts> _owed = [];
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
        (_core.Table.Messages[message].Marks & MessageMarks.NullSender) == 0
        && ((NotifyOn)_core.Table.Recipients[recipient].Notify & NotifyOn.Success) != 0;

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

    /// <summary>Notes a debt; it is in the log already, or will be before anything that pays it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="recipient">Of whom it is.</param>
    /// <param name="action">What it says.</param>
    /// <param name="position">The result record that says with which words; the default when there is none.</param>
    internal void Owe(int message, int recipient, NoticeAction action, RecordPosition position)
    {
        var debts = DebtsOf(message);
        if (debts is null)
        {
            _owed[message] = debts = new Debts(_core.Table.Messages[message].Id);
            _waiting.Enqueue(message);
        }

        // The same debt may be told by a checkpoint and by its record.
        var owed = new OwedNotice(recipient, action, position);
        debts.Items[owed.Key] = owed;
        if (owed.Kind != NoticeKind.Delay)
        {
            debts.Items.Remove((recipient, NoticeKind.Delay)); // That is over; and a checkpoint has room for one debt of each.
        }
    }

    /// <summary>
    /// An alias has given way to its targets, as the envelope record of these says. For a list success is reported (RFC 3461
    /// §5.2.7.3); for that debt there is no record: one might be lost, or find no room, where the other is there.
    /// </summary>
    internal void GiveWay(int message, int alias, bool isList)
    {
        if (isList && WantsSuccess(message, alias))
        {
            _core.Table.Change(message, alias, RecipientState.Owed);
            Owe(message, alias, NoticeAction.Expanded, default);
        }
        else
        {
            _core.Table.Finish(message, alias);
        }
    }

    /// <summary>What a debt says. Without a record that can be read the sender still hears of it, and bounce finds the words.</summary>
    /// <remarks>To end the run over it would not do: the next one would have the same debt and come to the same end.</remarks>
    internal ResultRecord RecordOf(int message, OwedNotice owed)
    {
        if (owed.Position != default)
        {
            if (_core.Log.TryReadResult(owed.Position, out var result))
            {
                return result;
            }

            TellDamaged(message, owed.Recipient);
        }

        return new ResultRecord
        {
            Message = _core.Table.Messages[message].Id,
            Recipient = (uint)_core.Table.Recipients[owed.Recipient].Number,
            Standing = _core.Table.Recipients[owed.Recipient].Standing,
            Owes = true,
            Action = owed.Action,
        };
    }

    /// <summary>Tells people that a record is gone which said what a sender is owed.</summary>
    internal void TellDamaged(int message, int recipient) =>
        _core.Events.Error("result-damaged").Word("id", new MessageId(_core.Table.Messages[message].Id).ToString())
            .Number("rcpt", _core.Table.Recipients[recipient].Number).Write();

    /// <summary>What a message's sender is owed.</summary>
    internal OwedNotice[] OwedOf(int message) => DebtsOf(message)?.Items.Values.ToArray() ?? [];

    /// <summary>Has composed what waits; called after each commit, so that a debt is durable before it is paid.</summary>
    internal void Run()
    {
        while (Bounce is { Sink: not null } bounce && bounce.Notices.Count < MaxComposing && _waiting.TryDequeue(out var message))
        {
            if (DebtsOf(message) is not { IsBeingPaid: false } debts)
            {
                continue;
            }

            // Late news of a delay that is over would only confuse, and one report of a message's delay is enough.
            var warned = (_core.Table.Messages[message].Marks & MessageMarks.Warned) != 0;
            foreach (var late in debts.Items.Keys.Where(key => key.Kind == NoticeKind.Delay && (warned || _core.Table.Recipients[key.Recipient].State is RecipientState.Done or RecipientState.Owed)).ToList())
            {
                debts.Items.Remove(late);
            }

            if (debts.Items.Count == 0)
            {
                _owed.Remove(message);
                continue;
            }

            debts.IsBeingPaid = true;
            var kind = debts.Items.Keys.First().Kind;
            var items = debts.Items.Values.Where(item => item.Kind == kind).Take(MaxRecipients).ToList();
            uint[] numbers = [.. items.Select(item => (uint)_core.Table.Recipients[item.Recipient].Number)];
            bounce.Compose(new Payment(message, debts.Id, kind, items, numbers));
        }
    }

    /// <summary>The same, when something else than a commit makes it possible.</summary>
    internal void RunAfterSync() => Bounce?.AskForSync();

    /// <summary>A notification stands in the log: its debts are paid.</summary>
    internal void Settle(Payment payment)
    {
        if (!IsAlive(payment))
        {
            return; // All of its recipients were served meanwhile.
        }

        foreach (var item in payment.Items)
        {
            if (payment.Kind == NoticeKind.Delay)
            {
                _core.Table.Messages[payment.Message].Marks |= MessageMarks.Warned;
            }
            else
            {
                _core.Table.Finish(payment.Message, item.Recipient);
            }
        }

        if (DebtsOf(payment.Message) is { } debts)
        {
            // Not by position: the record of a debt may have moved, and a late recipient may be late once more.
            payment.Items.ForEach(paid => debts.Items.Remove(paid.Key));
            debts.IsBeingPaid = false;
            if (debts.Items.Count == 0)
            {
                _owed.Remove(payment.Message);
            }
            else
            {
                _waiting.Enqueue(payment.Message);
            }
        }

        _core.RemoveIfFinished(payment.Message);
    }

    /// <summary>A debt was found paid while the log was read at start. It may be known no more: it was over, or its record is damaged.</summary>
    internal void SettleByNumber(int message, NoticeKind kind, uint[] numbers)
    {
        var action = kind switch { NoticeKind.Failure => NoticeAction.Failed, NoticeKind.Delay => NoticeAction.Delayed, _ => NoticeAction.Delivered };
        var items = numbers.Select(number => _core.Table.FindRecipient(message, number)).Where(recipient => recipient >= 0)
            .Select(recipient => new OwedNotice(recipient, action, default)).ToList();
        Settle(new Payment(message, _core.Table.Messages[message].Id, kind, items, numbers));
    }

    /// <summary>A message's entry is gone; its debts will be told anew.</summary>
    internal void Forget(int message) => _owed.Remove(message);

    /// <summary>True while the message that a notification is about is queued.</summary>
    internal bool IsAlive(Payment payment) => _core.Table.Messages[payment.Message].Id == payment.Id;

    /// <summary>A notification could not be composed now.</summary>
    internal void Retry(Payment payment)
    {
        if (IsAlive(payment) && DebtsOf(payment.Message) is { } debts)
        {
            debts.IsBeingPaid = false;
            _postponed.Add(payment.Message);
            _retry.Set(_again);
        }
    }

    private void WaitAgain()
    {
        _postponed.ForEach(_waiting.Enqueue);
        _postponed.Clear();
        RunAfterSync();
    }

    private Debts? DebtsOf(int message)
    {
        if (!_owed.TryGetValue(message, out var debts) || debts.Id == _core.Table.Messages[message].Id)
        {
            return debts;
        }

        _owed.Remove(message);
        return null;
    }
}
