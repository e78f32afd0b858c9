using System.Diagnostics.CodeAnalysis;

namespace Postern.Queue.Schedule;

/// <summary>Recipients that wait for one destination, or destinations that wait for a place, taken from each sender in turn.</summary>
/// <remarks>A mailing of ten thousand stands in one sender's line; everybody else's message passes it.</remarks>
/// <typeparam name="T">What waits.</typeparam>
internal sealed class SenderTurns<T>
{
    /// <summary>
    /// Senders beyond so many share lines, by chance: a line of its own for each of a million would take more than all else
    /// that is known of them.
    /// </summary>
    internal const int MaxLines = 1 << 14;

    private readonly Dictionary<int, Queue<T>> _lines = [];
    private readonly Queue<int> _order = new();
    private Queue<(int Sender, T One)>? _first;
    private HashSet<T>? _inFirst;

    /// <summary>How many wait.</summary>
    internal int Count { get; private set; }

    /// <summary>The sender whose turn it is; some must be waiting.</summary>
    internal int Next => _first is { Count: > 0 } first ? first.Peek().Sender : _order.Peek();

    /// <summary>Adds one at the end of its sender's line; true for the first there.</summary>
    /// <param name="sender">A keyed hash of the sender: nobody can choose whose line he shares.</param>
    /// <param name="one">What waits.</param>
    internal bool Add(int sender, T one)
    {
        sender &= MaxLines - 1;
        if (!_lines.TryGetValue(sender, out var line))
        {
            _lines[sender] = line = new Queue<T>(1);
            _order.Enqueue(sender);
        }

        line.Enqueue(one);
        Count++;
        return line.Count == 1;
    }

    /// <summary>Adds one that comes before everybody else, after those that do so already; false when it is one of these.</summary>
    internal bool AddFirst(int sender, T one)
    {
        if (!(_inFirst ??= []).Add(one))
        {
            return false;
        }

        (_first ??= new Queue<(int Sender, T One)>()).Enqueue((sender & (MaxLines - 1), one));
        Count++;
        return true;
    }

    /// <summary>Takes the next one of the sender whose turn it is.</summary>
    internal bool TryTake([MaybeNullWhen(false)] out T one)
    {
        if (_first is { Count: > 0 })
        {
            one = _first.Dequeue().One;
            _inFirst!.Remove(one);
            Count--;
            return true;
        }

        if (!_order.TryDequeue(out var sender))
        {
            one = default;
            return false;
        }

        var line = _lines[sender];
        one = line.Dequeue();
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
