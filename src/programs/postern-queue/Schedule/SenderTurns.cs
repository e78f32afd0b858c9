namespace Postern.Queue.Schedule;

/// <summary>Recipients that wait for one destination, taken from each sender in turn.</summary>
/// <remarks>A mailing of ten thousand stands in one sender's line; everybody else's message passes it.</remarks>
internal sealed class SenderTurns
{
    /// <summary>
    /// Senders beyond so many share lines, by chance: a line of its own for each of a million would take more than all else
    /// that is known of them.
    /// </summary>
    internal const int MaxLines = 1 << 14;

    private readonly Dictionary<int, Queue<int>> _lines = [];
    private readonly Queue<int> _order = new();

    /// <summary>Recipients waiting.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds a recipient at the end of its sender's line.</summary>
    /// <param name="sender">A keyed hash of the sender: nobody can choose whose line he shares.</param>
    /// <param name="recipient">Its place in the table.</param>
    internal void Add(int sender, int recipient)
    {
        sender &= MaxLines - 1;
        if (!_lines.TryGetValue(sender, out var line))
        {
            _lines[sender] = line = new Queue<int>(1);
            _order.Enqueue(sender);
        }

        line.Enqueue(recipient);
        Count++;
    }

    /// <summary>Takes the next recipient of the sender whose turn it is.</summary>
    internal bool TryTake(out int recipient)
    {
        if (!_order.TryDequeue(out var sender))
        {
            recipient = -1;
            return false;
        }

        var line = _lines[sender];
        recipient = line.Dequeue();
        Count--;
        if (line.Count == 0)
        {
            _lines.Remove(sender);
        }
        else
        {
            _order.Enqueue(sender);
        }

        return true;
    }
}
