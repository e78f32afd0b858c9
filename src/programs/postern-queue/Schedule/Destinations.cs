using Postern.Ipc.Delivery;

namespace Postern.Queue.Schedule;

/// <summary>Every destination that a queued recipient has, and the rotation of those that may be served.</summary>
internal sealed class Destinations
{
    private readonly List<Destination?> _all = [];
    private readonly Stack<int> _free = new();
    private readonly Dictionary<NextHop, Destination> _byHop = [];
    private readonly Queue<Destination> _rotation = new();

    /// <summary>Largest windows, by kind of hop.</summary>
    internal required (int Remote, int Local) Largest { get; set; }

    /// <summary>The first wait of a recipient.</summary>
    internal required TimeSpan FirstRetry { get; set; }

    /// <summary>All that exist.</summary>
    internal IEnumerable<Destination> All => _byHop.Values;

    /// <summary>How many stand in the rotation.</summary>
    internal int RotationLength => _rotation.Count;

    /// <summary>The destination with a number.</summary>
    internal Destination this[int index] => _all[index]!;

    /// <summary>The destination of a next hop, made when it is new.</summary>
    internal Destination For(NextHop hop)
    {
        if (_byHop.TryGetValue(hop, out var known))
        {
            return known;
        }

        var index = _free.TryPop(out var free) ? free : _all.Count;
        var window = new Window(hop.Kind == HopKind.Local ? Largest.Local : Largest.Remote, FirstRetry);
        var destination = new Destination(index, hop, window);
        if (index == _all.Count)
        {
            _all.Add(destination);
        }
        else
        {
            _all[index] = destination;
        }

        _byHop[hop] = destination;
        return destination;
    }

    /// <summary>Puts a destination into the rotation when it has something to send and stands nowhere.</summary>
    internal void Enter(Destination destination)
    {
        if (!destination.InRotation && destination.Waiting.Count > 0)
        {
            destination.InRotation = true;
            _rotation.Enqueue(destination);
        }
    }

    /// <summary>Takes the next one out of the rotation.</summary>
    internal bool TryNext(out Destination? destination)
    {
        if (_rotation.TryDequeue(out destination))
        {
            destination.InRotation = false;
            return true;
        }

        return false;
    }
}
