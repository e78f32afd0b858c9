using Postern.Ipc.Delivery;
using Postern.Loop;
using Postern.Queue.Records;
using Postern.Queue.Schedule;

namespace Postern.Queue.Delivery;

/// <summary>Decides what is tried next: destinations in turn, within each the senders in turn, as far as the windows allow.</summary>
internal sealed class Dispatcher
{
    /// <summary>Recipients in one attempt; smtp(8)'s own limit per transaction is as large, and RFC 5321 §4.5.3.1.8 demands 100.</summary>
    internal const int MaxRecipients = 100;

    /// <summary>Recipients taken out of the lines in one go before the loop has its turn again.</summary>
    private const int MaxPerTurn = 256;

    /// <summary>Deferred recipients put into their lines in one go: about a millisecond.</summary>
    internal const int MaxAwakened = 2000;

    /// <summary>Recipients looked at for one attempt: to look through all of a long list for each would take its square.</summary>
    private const int MaxLooks = 1000;

    /// <summary>Attempts for each place, stalled ones included: as many connections as remote may have.</summary>
    private const int AttemptsPerPlace = 5;

    private readonly QueueCore _core;
    private readonly DeliveryPeer _local;
    private readonly DeliveryPeer _remote;
    private readonly Outcomes _outcomes;
    private readonly Rounds _rounds;
    private readonly LoopTimer _timer;
    private readonly LoopTimer _soon;
    private readonly SenderTurns<Destination> _waitingForLocal = new();
    private readonly SenderTurns<Destination> _waitingForRemote = new();
    private readonly SenderTurns<Destination> _waitingUnproven = new();
    private readonly List<int> _recipients = [];

    internal Dispatcher(QueueCore core, EventLoop loop, DeliveryPeer local, DeliveryPeer remote, Outcomes outcomes)
    {
        (_core, _local, _remote, _outcomes) = (core, local, remote, outcomes);
        _rounds = new Rounds(core, outcomes);
        _timer = loop.CreateTimer(OnTime);
        _soon = loop.CreateTimer(Run);
        _timer.Set(TimeSpan.FromSeconds(1));
    }

    /// <summary>False once the program is stopping: what is under way finishes, nothing new begins.</summary>
    internal bool Open { get; set; } = true;

    /// <summary>Begins whatever may begin now.</summary>
    internal void Run()
    {
        var now = _core.Now;
        var local = _local.Sink is null ? 0 : _core.Settings.Attempts.Local - _local.Attempts.Count;
        var (remote, unproven) = RoomAtRemote(now);
        Recall(_waitingForLocal, local);
        Recall(_waitingForRemote, remote);
        Recall(_waitingUnproven, unproven);
        Awaken(now);
        for (var taken = 0; Open && _core.Destinations.TryNext(out var destination);)
        {
            var isLocal = destination!.Hop.Kind == HopKind.Local;
            // No destination has more attempts than places are left: however many want all they can get, one that has none finds one.
            if (isLocal ? local <= 0 : destination.Window.Active >= remote)
            {
                Await(isLocal ? _waitingForLocal : _waitingForRemote, destination);
                continue;
            }

            if (!destination.Window.IsOpen(now))
            {
                _core.Destinations.Park(destination);
                continue;
            }

            if (!destination.Window.IsProven && unproven <= 0)
            {
                Await(_waitingUnproven, destination);
                continue;
            }

            if (destination.Waiting.TryTake(out var recipient) && Begin(isLocal ? _local : _remote, destination, recipient, now))
            {
                (local, remote) = isLocal ? (local - 1, remote) : (local, remote - 1);
                unproven -= destination.Window.IsProven ? 0 : 1;
            }

            _core.Destinations.Enter(destination);
            if (++taken == MaxPerTurn)
            {
                _soon.Set(TimeSpan.Zero);
                break;
            }
        }
    }

    /// <summary>Tries those recipients of a message that are ready, before all others at their destinations: now, where there is a place.</summary>
    /// <remarks>The others go to the front of their lines.</remarks>
    /// <returns>How many are being tried.</returns>
    internal int TryFirst(int message)
    {
        var now = _core.Now;
        var local = _local.Sink is null ? 0 : _core.Settings.Attempts.Local - _local.Attempts.Count;
        var (remote, unproven) = RoomAtRemote(now);
        var (entry, tried) = (_core.Table.Messages[message], 0);
        // Whatever is too old to be tried is given up, and that may be the end of the message.
        for (var index = entry.FirstRecipient; Open && index < entry.EndOfRecipients && _core.Table.Messages[message].Id == entry.Id; index++)
        {
            var destination = _core.Destinations[_core.Table.Recipients[index].Destination];
            var (isLocal, isProven) = (destination.Hop.Kind == HopKind.Local, destination.Window.IsProven);
            if (!IsReady(index, destination))
            {
                continue;
            }

            if (!destination.Window.IsOpen(now) || (isLocal ? local <= 0 : destination.Window.Active >= remote || (!isProven && unproven <= 0)))
            {
                _core.Line(index, first: true);
            }
            else if (Begin(isLocal ? _local : _remote, destination, index, now))
            {
                (local, remote, unproven) = isLocal ? (local - 1, remote, unproven) : (local, remote - 1, unproven - (isProven ? 0 : 1));
                tried += _recipients.Count;
            }
        }

        return tried;
    }

    /// <summary>The routes have changed: what is queued follows them.</summary>
    internal void Reroute() => _rounds.Reroute();

    /// <summary>An attempt is over: its destination may have another.</summary>
    internal void Ended(Destination destination)
    {
        _core.Destinations.Enter(destination);
        Run();
    }

    /// <summary>How many attempts may begin at remote, and how many of them at destinations that never answered.</summary>
    /// <remarks>
    /// Those that never answered have half of the places together, so that a stranger who makes up domains does not stop the mail
    /// to all others. And an attempt that stalls gives its place up: whoever lets mail come and then falls silent would else keep it
    /// for as long as a server may take. Of those there is an end, too.
    /// </remarks>
    private (int All, int Unproven) RoomAtRemote(long now)
    {
        var (all, unproven) = _remote.Sink is null ? (0, 0) : (_core.Settings.Attempts.Remote, (_core.Settings.Attempts.Remote + 1) / 2);
        var (allInAll, unprovenInAll) = (all * AttemptsPerPlace, unproven * AttemptsPerPlace);
        foreach (var attempt in _remote.Attempts)
        {
            var (holds, stranger) = (attempt.IsStalled(now) ? 0 : 1, attempt.Window.IsProven ? 0 : 1);
            (all, unproven) = (all - holds, unproven - (holds * stranger));
            (allInAll, unprovenInAll) = (allInAll - 1, unprovenInAll - stranger);
        }

        return (Math.Min(all, allInAll), Math.Min(unproven, unprovenInAll));
    }

    /// <summary>Has a destination stand in a line instead of in the rotation, for the sender whose turn it would be there.</summary>
    private static void Await(SenderTurns<Destination> line, Destination destination)
    {
        (destination.InRotation, destination.Line) = (true, line);
        line.Add(destination.Waiting.Next, destination);
    }

    private void Recall(SenderTurns<Destination> line, int room)
    {
        while (room > 0 && line.TryTake(out var destination))
        {
            // It may stand there for several senders, and is gone after the first one's turn.
            if (destination.Line == line)
            {
                (destination.InRotation, destination.Line) = (false, null);
                _core.Destinations.Enter(destination);
                room--;
            }
        }
    }

    private bool Begin(DeliveryPeer peer, Destination destination, int first, long now)
    {
        if (!IsReady(first, destination))
        {
            return false; // A stale entry: served, held or removed meanwhile, or already tried with one before it in the message.
        }

        var message = _core.Table.Recipients[first].Message;
        ref var entry = ref _core.Table.Messages[message];
        _recipients.Clear();

        // From this one on: those before it that are ready have places in the line themselves.
        for (var index = first; index < Math.Min(entry.EndOfRecipients, first + MaxLooks) && _recipients.Count < MaxRecipients; index++)
        {
            if (IsReady(index, destination))
            {
                _recipients.Add(index);
            }
        }

        if (_core.Table.Recipients[first].Attempts > 0 && _core.Settings.Backoff.IsExpired(entry.Arrived, now))
        {
            _outcomes.Expire(message, _recipients, destination);
            return false;
        }

        destination.Window.Begin();
        peer.Begin(message, destination, _recipients);
        return true;
    }

    private bool IsReady(int recipient, Destination destination)
    {
        ref var entry = ref _core.Table.Recipients[recipient];
        return entry.State == RecipientState.Ready && !entry.Active && !entry.Held && entry.Destination == destination.Index;
    }

    /// <summary>Once a second: moments of deferred recipients may have come, and rests may be over.</summary>
    private void OnTime()
    {
        _core.Destinations.Step(_core.Now);
        _rounds.Step(_core.Now);
        Run();
        _timer.Set(TimeSpan.FromSeconds(1));
    }

    /// <summary>Puts deferred recipients whose moment has come into their lines. After a night without a server it has for all of them.</summary>
    private void Awaken(long now)
    {
        var left = MaxAwakened;
        for (; left > 0 && _core.Deferred.TryPeek(out var recipient, out var due) && due <= now; left--)
        {
            _core.Deferred.Dequeue();
            ref var entry = ref _core.Table.Recipients[recipient];
            if (entry.State == RecipientState.Deferred && !entry.Held && entry.NextAttempt <= now)
            {
                entry.State = RecipientState.Ready;
                _core.Line(recipient);
            }
        }

        if (left == 0)
        {
            _soon.Set(TimeSpan.Zero);
        }
    }
}
