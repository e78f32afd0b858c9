using Postern.Mail;
using Postern.Posix;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Queue.Table;
using Postern.Role.Logging;
using Postern.Spool;
using Postern.Text;

namespace Postern.Queue;

/// <summary>What all parts of the queue share: the log, the table of what is queued, the destinations, the settings.</summary>
internal sealed class QueueCore
{
    private ulong _nextId;

    internal QueueCore(QueueLog log, EventLog events, TimeProvider time, QueueSettings settings)
    {
        Log = log;
        Events = events;
        Clock = new QueueClock(time);
        Settings = settings;
        Destinations = new Destinations(settings);
        Table.Released = destination => Destinations.Discount(destination, Now);
    }

    /// <summary>The durable log.</summary>
    internal QueueLog Log { get; }

    /// <summary>The log for people.</summary>
    internal EventLog Events { get; }

    /// <summary>The configuration in force.</summary>
    internal QueueSettings Settings { get; set; }

    /// <summary>What is queued.</summary>
    internal QueueTable Table { get; } = new();

    /// <summary>Where it goes.</summary>
    internal Destinations Destinations { get; }

    /// <summary>Deferred recipients by the moment of the next attempt; an entry may be stale.</summary>
    internal PriorityQueue<int, uint> Deferred { get; } = new();

    /// <summary>What recipients were last told, for the administrator.</summary>
    internal RecentAnswers Answers { get; } = new();

    /// <summary>Counted since the start: messages accepted, recipients delivered, recipients given up.</summary>
    internal (long Accepted, long Delivered, long Failed) Counted { get; set; }

    /// <summary>Wall-clock time in Unix seconds.</summary>
    internal long Now => Clock.Now;

    /// <summary>The clock, and what became of it.</summary>
    internal QueueClock Clock { get; }

    /// <summary>A number from 0 up to 1, for jitter; a simulation sets its own.</summary>
    internal Func<double> Chance { get; set; } = static () => BitConverter.ToUInt32(RandomBytes.Take(4)) / (double)(1L << 32);

    /// <summary>
    /// Begins the ids of this run; see <see cref="Records.StartRecord"/>. Two runs in one second that could not write down
    /// their start share a generation: they begin at different places in it.
    /// </summary>
    internal void BeginIds(uint generation) => _nextId = ((ulong)generation << 32) | (uint)(Chance() * (1 << 30));

    /// <summary>The generation of this run.</summary>
    internal uint Generation => (uint)(_nextId >> 32);

    /// <summary>Issues a message id that no message ever had.</summary>
    internal MessageId IssueId() => new(++_nextId);

    /// <summary>Takes a message into the table from its envelope record and makes its recipients ready or deferred.</summary>
    /// <param name="payload">The record's payload.</param>
    /// <param name="position">Where the record is.</param>
    /// <returns>The message's index; −1 for a payload that is not one.</returns>
    internal int Admit(ReadOnlySpan<byte> payload, RecordPosition position)
    {
        var head = EnvelopeHead.Open(payload, out var tail, out var reader);
        if (!head.IsPlausible || Table.Find(head.Message) >= 0)
        {
            return -1;
        }

        var message = Table.Add(new MessageEntry
        {
            Id = head.Message,
            Envelope = position,
            Weight = QueueTable.WeightOf(head.Size, tail.Chunks.Length, payload.Length, tail.Recipients),
            Arrived = (uint)(Math.Min(head.Arrived, Now) + head.Hold),
            FirstSection = tail.Chunks.Length > 0 ? Math.Min(tail.Chunks[0].Section, position.Section) : position.Section,
            Recipients = (ushort)tail.Recipients,
            Sender = KeyedHash.IgnoreCase(head.Sender),
            Marks = (MessageMarks)head.Marks | (head.Sender.IsEmpty ? MessageMarks.NullSender : MessageMarks.None),
        });
        for (var number = 0; number < tail.Recipients; number++)
        {
            var recipient = StoredRecipient.Read(ref reader);
            var destination = DestinationOf(recipient.Address).Index;
            Destinations.Count(destination);
            Table.AddRecipient(message, number, destination, recipient.Notify, recipient.Standing);
        }

        if (reader.End())
        {
            return message;
        }

        Table.Remove(message); // Half a message must not be delivered to half of its recipients.
        return -1;
    }

    /// <summary>Puts every recipient of a message where its standing says: into the lines of the ready or of the deferred.</summary>
    /// <param name="message">The message.</param>
    /// <param name="onlyDeferred">True when those that are ready stand in their lines already.</param>
    internal void Enter(int message, bool onlyDeferred = false)
    {
        ref var entry = ref Table.Messages[message];
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            var standing = Table.Recipients[index].Standing;
            if (standing is { State: RecipientState.Ready, Held: false } && !onlyDeferred)
            {
                Line(index);
            }
            else if (standing is { State: RecipientState.Deferred, Held: false })
            {
                Deferred.Enqueue(index, standing.NextAttempt);
            }
        }
    }

    /// <summary>Puts a recipient that is ready into its destination's line; every one that may be tried stands there.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <param name="first">True to put it in front of all others; its own place in the line may stay.</param>
    internal void Line(int recipient, bool first = false)
    {
        ref var entry = ref Table.Recipients[recipient];
        var (there, sender) = (Destinations[entry.Destination], Table.Messages[entry.Message].Sender);
        if (first ? there.Waiting.AddFirst(sender, recipient) : there.Waiting.Add(sender, recipient))
        {
            there.Line?.Add(sender, there); // Where another sender's turn is far away, this one's may be near.
        }

        Destinations.Enter(there);
    }

    /// <summary>When a recipient that has to wait for a later moment is tried next; 0 for one whose turn comes as soon as may be.</summary>
    /// <remarks>One that is ready has to wait, too, while its destination rests.</remarks>
    internal long WaitsUntil(in RecipientEntry recipient) =>
        recipient.State == RecipientState.Deferred ? recipient.NextAttempt
        : recipient.State == RecipientState.Ready && !recipient.Active && Destinations[recipient.Destination].Window is var window && window.Rests(Now)
            ? window.RestsUntil : 0;

    /// <summary>Forgets a message when nothing of it is open.</summary>
    internal void RemoveIfFinished(int message)
    {
        if (Table.Messages[message].Id != 0 && Table.Messages[message].Open == 0)
        {
            Table.Remove(message);
        }
    }

    /// <summary>Where mail for a stored address goes.</summary>
    internal Destination DestinationOf(ReadOnlySpan<byte> address) => Destinations.For(Settings.Routing.HopForStored(address));
}
