namespace Postern.Queue.Schedule;

/// <summary>Messages that wait for one destination, taken from each sender in turn.</summary>
/// <remarks>A mailing of ten thousand stands in one sender's line; everybody else's message passes it.</remarks>
internal sealed class SenderTurns
{
    private readonly Dictionary<int, Queue<int>> _lines = [];
    private readonly Queue<int> _order = new();

    /// <summary>Messages waiting.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds a message at the end of its sender's line.</summary>
    internal void Add(int sender, int message)
    {
        if (!_lines.TryGetValue(sender, out var line))
        {
            line = new Queue<int>(1);
            _lines[sender] = line;
            _order.Enqueue(sender);
        }

        line.Enqueue(message);
        Count++;
    }

    /// <summary>Takes the next message of the sender whose turn it is.</summary>
    internal bool TryTake(out int message)
    {
        if (!_order.TryDequeue(out var sender))
        {
            message = -1;
            return false;
        }

        var line = _lines[sender];
        message = line.Dequeue();
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
