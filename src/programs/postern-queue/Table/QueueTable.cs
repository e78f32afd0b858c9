using Postern.Queue.Records;

namespace Postern.Queue.Table;

/// <summary>Every message that is not finished, with its recipients: what the queue knows without reading the log.</summary>
internal sealed class QueueTable
{
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
        LiveBytes += WeightOf(entry);
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
        LiveBytes -= WeightOf(entry);
        Messages[message] = default;
        Messages.Remove(message, 1);
    }

    private static long WeightOf(in MessageEntry entry) => entry.Size + BytesPerMessage + ((long)BytesPerRecipient * entry.Recipients);
}
