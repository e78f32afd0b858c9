using Postern.Ipc.Delivery;

namespace Postern.Queue.Schedule;

/// <summary>Every destination that a queued recipient has, and the rotation of those that may be served.</summary>
/// <remarks>
/// A destination with something to send stands in exactly one place: in the rotation, at its window while that is closed, or
/// in the line for a program that is busy or for a place of those that never answered, there for each of its senders. So a turn costs
/// as much as can be served in it, however many destinations wait.
/// </remarks>
internal sealed class Destinations
{
    /// <summary>How long a destination without mail is remembered, in seconds: what it was like matters to the next message.</summary>
    private const long Memory = 600;

    /// <summary>The same for one that has answered: before those that never did it is served first.</summary>
    private const long MemoryOfAnswers = 24 * 60 * 60;

    /// <summary>Destinations above which that is too much memory: a few megabytes.</summary>
    private const int MaxRemembered = 10_000;

    /// <summary>Destinations looked at in one go for being forgotten.</summary>
    private const int MaxPerStep = 1000;

    private readonly List<Destination?> _all = [];
    private readonly Stack<int> _free = new();
    private readonly Dictionary<NextHop, Destination> _byHop = [];
    private readonly Dictionary<string, Window> _shared = [];
    private readonly Queue<Destination> _rotation = new();
    private readonly HashSet<Window> _closed = [];
    private readonly Queue<Destination> _idle = new();
    private (int Remote, int Local) _largest;
    private TimeSpan _firstRetry;

    internal Destinations(QueueSettings settings) => Limit(settings);

    /// <summary>All that exist.</summary>
    internal IEnumerable<Destination> All => _byHop.Values;

    /// <summary>The destination with a number.</summary>
    internal Destination this[int index] => _all[index]!;

    /// <summary>Takes the limits of a configuration.</summary>
    internal void Limit(QueueSettings settings)
    {
        _largest = (settings.Attempts.PerDestination, settings.Attempts.Local);
        _firstRetry = settings.Backoff.First;
        foreach (var destination in _byHop.Values)
        {
            destination.Window.Limit(LargestOf(destination.Hop), _firstRetry);
        }
    }

    /// <summary>The destination of a next hop, made when it is new.</summary>
    internal Destination For(NextHop hop)
    {
        if (_byHop.TryGetValue(hop, out var known))
        {
            return known;
        }

        if (!_free.TryPop(out var index))
        {
            index = _all.Count;
            _all.Add(null);
        }

        var made = _all[index] = _byHop[hop] = new Destination(index, hop, NewWindow(hop));
        Idle(made); // Who asks may have nothing to send there after all.
        return made;
    }

    /// <summary>
    /// Mail for this domain goes to these exchangers: it shares its window with the other domains of which that is true, since
    /// it is the hosts that can bear only so much.
    /// </summary>
    /// <param name="destination">A domain's.</param>
    /// <param name="exchangers">All of them, as <c>remote</c> writes them; compared as a whole.</param>
    internal void Share(Destination destination, string exchangers)
    {
        if (destination.Exchangers == exchangers)
        {
            return;
        }

        var moves = destination.Exchangers is not null;
        Leave(destination);
        destination.Exchangers = exchangers;
        if (!_shared.TryGetValue(exchangers, out var window))
        {
            // What was learnt under its own name holds for the hosts; what was learnt of other hosts does not.
            _shared[exchangers] = window = moves ? NewWindow(destination.Hop) : destination.Window;
        }

        destination.Window = window;
        window.Members++;
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

    /// <summary>Has a destination wait for its window.</summary>
    internal void Park(Destination destination)
    {
        destination.InRotation = true;
        destination.Window.Park(destination);
        _closed.Add(destination.Window);
    }

    /// <summary>Lets as many go on as a window has room for; called when something changed there.</summary>
    internal void Release(Window window, long now)
    {
        for (var room = window.Size - window.Active; room > 0 && window.IsOpen(now) && window.TryUnpark(out var destination); room--)
        {
            destination!.InRotation = false;
            Enter(destination);
        }

        if (window.Parked == 0)
        {
            _closed.Remove(window);
        }
    }

    /// <summary>Once a second: lets those go on whose rest is over, and forgets destinations that have had no mail for long.</summary>
    internal void Step(long now)
    {
        foreach (var window in _closed.Where(window => window.IsOpen(now)).ToList())
        {
            Release(window, now);
        }

        for (var left = Math.Min(_idle.Count, MaxPerStep); left > 0; left--)
        {
            Reconsider(_idle.Dequeue(), now);
        }
    }

    /// <summary>The clock was set by so many seconds: what rests rests no longer and no less.</summary>
    internal void Shift(long seconds)
    {
        foreach (var destination in _byHop.Values)
        {
            destination.IdleSince += seconds;
        }

        foreach (var window in _byHop.Values.Select(destination => destination.Window).Distinct())
        {
            window.Shift(seconds);
        }
    }

    /// <summary>A recipient in the table goes there.</summary>
    internal void Count(int index) => _all[index]!.Recipients++;

    /// <summary>One less does.</summary>
    internal void Discount(int index, long now)
    {
        var destination = _all[index]!;
        if (--destination.Recipients == 0)
        {
            destination.IdleSince = now;
            Idle(destination);
        }
    }

    private void Idle(Destination destination)
    {
        if (!destination.MayBeForgotten && destination.Hop != NextHop.Local)
        {
            destination.MayBeForgotten = true;
            _idle.Enqueue(destination);
        }
    }

    private void Reconsider(Destination destination, long now)
    {
        destination.MayBeForgotten = destination.Recipients == 0;
        if (!destination.MayBeForgotten)
        {
            return;
        }

        var isQuiet = !destination.InRotation && destination.Waiting.Count == 0 && destination.Window.Active == 0 && !destination.Window.Rests(now);
        var memory = destination.Window.IsProven && _byHop.Count <= MaxRemembered ? MemoryOfAnswers : Memory;
        if (now - destination.IdleSince < memory || !isQuiet)
        {
            _idle.Enqueue(destination);
            return;
        }

        Leave(destination);
        _byHop.Remove(destination.Hop);
        _all[destination.Index] = null;
        _free.Push(destination.Index);
    }

    private void Leave(Destination destination)
    {
        if (destination.Exchangers is { } old && --destination.Window.Members == 0)
        {
            _shared.Remove(old);
        }
    }

    private Window NewWindow(NextHop hop) => new(LargestOf(hop), _firstRetry, isProven: hop.Kind != HopKind.Exchangers);

    private int LargestOf(NextHop hop) => hop.Kind == HopKind.Local ? _largest.Local : _largest.Remote;
}
