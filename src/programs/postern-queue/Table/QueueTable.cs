using Postern.Queue.Records;

namespace Postern.Queue.Table;

/// <summary>Every message that is not finished, with its recipients: what the queue knows without reading the log.</summary>
internal sealed class QueueTable
{
    private readonly Dictionary<ulong, int> _byId = [];

    /// <summary>Called for each recipient that is forgotten, with its destination.</summary>
    internal Action<int>? Released { get; set; }

    /// <summary>The messages.</summary>
    internal BlockTable<MessageEntry> Messages { get; } = new();

    /// <summary>Their recipients.</summary>
    internal BlockTable<RecipientEntry> Recipients { get; } = new();

    /// <summary>Bytes of content of all messages: what the log must keep at least.</summary>
    internal long LiveBytes { get; private set; }

    /// <summary>Finds a message; −1 when there is none.</summary>
    internal int Find(ulong id) => _byId.TryGetValue(id, out var index) ? index : -1;

    /// <summary>Adds a message without recipients.</summary>
    internal int Add(in MessageEntry entry)
    {
        var index = Messages.Add();
        Messages[index] = entry;
        Messages[index].FirstRecipient = -1;
        _byId[entry.Id] = index;
        LiveBytes += entry.Size;
        return index;
    }

    /// <summary>Adds a recipient to a message, behind the one that was added last (−1 for the first).</summary>
    internal int AddRecipient(int message, int last, int number, int destination, ushort notify, in RecipientStanding standing)
    {
        var index = Recipients.Add();
        ref var owner = ref Messages[message];
        Recipients[index] = new RecipientEntry
        {
            Next = -1,
            Number = number,
            Destination = destination,
            State = standing.State,
            Notify = (byte)notify,
            Held = standing.Held,
            Final = standing.Final,
            List = standing.List,
            Attempts = standing.Attempts,
            NextAttempt = standing.NextAttempt,
        };
        if (last < 0)
        {
            owner.FirstRecipient = index;
        }
        else
        {
            Recipients[last].Next = index;
        }

        owner.Open += standing.State == RecipientState.Done ? 0 : 1;
        return index;
    }

    /// <summary>Finds a recipient by its number; −1 when there is none.</summary>
    internal int FindRecipient(int message, uint number)
    {
        for (var index = Messages[message].FirstRecipient; index >= 0; index = Recipients[index].Next)
        {
            if (Recipients[index].Number == number)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Finds a recipient when numbers are asked for in rising order, without starting over each time.</summary>
    internal int Seek(ref int index, int message, int number)
    {
        while (index >= 0 && Recipients[index].Number != number)
        {
            index = Recipients[index].Next;
        }

        return index >= 0 ? index : index = FindRecipient(message, (uint)number);
    }

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
        ref var entry = ref Messages[message];
        for (var index = entry.FirstRecipient; index >= 0;)
        {
            var next = Recipients[index].Next;
            Released?.Invoke(Recipients[index].Destination);
            Recipients.Remove(index);
            index = next;
        }

        _byId.Remove(entry.Id);
        LiveBytes -= entry.Size;
        Messages.Remove(message);
    }
}
