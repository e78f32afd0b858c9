using Postern.Queue.Records;

namespace Postern.Queue.Table;

/// <summary>Every message that is not finished, with its recipients: what the queue knows without reading the log.</summary>
internal sealed class QueueTable
{
    /// <summary>What a piece of content takes besides its bytes: whoever hands a message in decides how many there are.</summary>
    internal const int BytesPerPiece = 40;

    /// <summary>
    /// What a message and each recipient take in the log besides the content: headers, addresses, their copy in a checkpoint.
    /// Were it left out, a queue of tiny messages would look half empty and be moved for ever.
    /// </summary>
    private const int BytesPerMessage = 320, BytesPerRecipient = 128;

    private readonly Dictionary<ulong, int> _byId = [];

    /// <summary>Called for each recipient that is forgotten, with its destination.</summary>
    internal Action<int>? Released { get; set; }

    /// <summary>The messages.</summary>
    internal BlockTable<MessageEntry> Messages { get; } = new();

    /// <summary>Their recipients.</summary>
    internal BlockTable<RecipientEntry> Recipients { get; } = new();

    /// <summary>The oldest section that a message needs which was added since somebody set this to the largest number.</summary>
    internal uint OldestAdded { get; set; } = uint.MaxValue;

    /// <summary>Bytes of all messages, about: what the log must keep at least.</summary>
    internal long LiveBytes { get; private set; }

    /// <summary>Finds a message; −1 when there is none.</summary>
    internal int Find(ulong id) => _byId.TryGetValue(id, out var index) ? index : -1;

    /// <summary>Adds a message with room for its recipients.</summary>
    internal int Add(in MessageEntry entry)
    {
        var index = Messages.Add(1);
        Messages[index] = entry;
        Messages[index].FirstRecipient = Recipients.Add(entry.Recipients);
        _byId[entry.Id] = index;
        LiveBytes += entry.Weight;
        OldestAdded = Math.Min(OldestAdded, entry.FirstSection);
        return index;
    }

    /// <summary>Puts a recipient in its place; called once for each number.</summary>
    internal void AddRecipient(int message, int number, int destination, ushort notify, in RecipientStanding standing)
    {
        ref var owner = ref Messages[message];
        Recipients[owner.FirstRecipient + number] = new RecipientEntry
        {
            Message = message,
            Number = number,
            Destination = destination,
            State = standing.State,
            Notify = unchecked((byte)notify), // Intake takes no larger one; a log that holds it must not end every start.
            Held = standing.Held,
            Final = standing.Final,
            List = standing.List,
            Attempts = standing.Attempts,
            NextAttempt = standing.NextAttempt,
        };
        owner.Open += standing.State == RecipientState.Done ? 0 : 1;
    }

    /// <summary>Finds a recipient by its number; −1 when there is none.</summary>
    internal int FindRecipient(int message, uint number) =>
        number < Messages[message].Recipients ? Messages[message].FirstRecipient + (int)number : -1;

    /// <summary>Makes a recipient stand as a record says.</summary>
    internal void Restore(int message, int recipient, in RecipientStanding standing)
    {
        Change(message, recipient, standing.State);
        ref var entry = ref Recipients[recipient];
        (entry.Held, entry.Attempts, entry.NextAttempt) = (standing.Held, standing.Attempts, standing.NextAttempt);
    }

    /// <summary>Marks a recipient as done.</summary>
    internal void Finish(int message, int recipient) => Change(message, recipient, RecipientState.Done);

    /// <summary>Puts a recipient into another state.</summary>
    internal void Change(int message, int recipient, RecipientState state)
    {
        ref var entry = ref Recipients[recipient];
        Messages[message].Open += (state != RecipientState.Done ? 1 : 0) - (entry.State != RecipientState.Done ? 1 : 0);
        entry.State = state;
    }

    /// <summary>Forgets a message and its recipients.</summary>
    internal void Remove(int message)
    {
        var entry = Messages[message];
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            Released?.Invoke(Recipients[index].Destination);
            Recipients[index].State = RecipientState.Done; // A line may still name it.
        }

        Recipients.Remove(entry.FirstRecipient, entry.Recipients);
        _byId.Remove(entry.Id);
        LiveBytes -= entry.Weight;
        Messages[message] = default;
        Messages.Remove(message, 1);
    }

    /// <summary>Bytes of the log that a message keeps alive, about.</summary>
    /// <param name="size">Bytes of its content.</param>
    /// <param name="pieces">Records that these are in.</param>
    /// <param name="envelope">Bytes of its envelope record, which come once more in a checkpoint.</param>
    /// <param name="recipients">Its recipients.</param>
    internal static long WeightOf(long size, int pieces, int envelope, int recipients) =>
        size + ((long)BytesPerPiece * pieces) + Math.Max(BytesPerMessage + ((long)BytesPerRecipient * recipients), 2L * envelope);
}
