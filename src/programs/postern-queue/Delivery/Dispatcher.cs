using Postern.Ipc.Delivery;
using Postern.Loop;
using Postern.Queue.Records;
using Postern.Queue.Schedule;

namespace Postern.Queue.Delivery;

/// <summary>Decides what is tried next: destinations in turn, within each the senders in turn, as far as the windows allow.</summary>
internal sealed class Dispatcher
{
    /// <summary>Recipients in one attempt; smtp(8)'s own limit per transaction is as large, and RFC 5321 §4.5.3.1.8 demands 100.</summary>
    private const int MaxRecipients = 100;

    /// <summary>Recipients taken out of the lines in one go before the loop has its turn again.</summary>
    private const int MaxPerTurn = 256;

    /// <summary>Deferred recipients put into their lines in one go: about a millisecond.</summary>
    internal const int MaxAwakened = 2000;

    /// <summary>Recipients looked at for one attempt: to look through all of a long list for each would take its square.</summary>
    private const int MaxLooks = 1000;

    private readonly QueueCore _core;
    private readonly DeliveryPeer _local;
    private readonly DeliveryPeer _remote;
    private readonly Outcomes _outcomes;
    private readonly Rounds _rounds;
    private readonly LoopTimer _timer;
    private readonly LoopTimer _soon;
    private readonly Queue<Destination> _waitingForLocal = new();
    private readonly Queue<Destination> _waitingForRemote = new();
    private readonly Queue<Destination> _waitingUnproven = new();
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
        Recall(_waitingForLocal, RoomOf(_local, _core.Settings.Attempts.Local));
        Recall(_waitingForRemote, RoomOf(_remote, _core.Settings.Attempts.Remote));
        Recall(_waitingUnproven, _waitingUnproven.Count > 0 ? RoomForUnproven() : 0);
        var now = _core.Now;
        Awaken(now);
        for (var taken = 0; Open && _core.Destinations.TryNext(out var destination);)
        {
            var local = destination!.Hop.Kind == HopKind.Local;
            var peer = local ? _local : _remote;
            if (RoomOf(peer, local ? _core.Settings.Attempts.Local : _core.Settings.Attempts.Remote) <= 0)
            {
                Await(local ? _waitingForLocal : _waitingForRemote, destination);
                continue;
            }

            if (!destination.Window.IsOpen(now))
            {
                _core.Destinations.Park(destination);
                continue;
            }

            if (!destination.Window.IsProven && RoomForUnproven() <= 0)
            {
                Await(_waitingUnproven, destination);
                continue;
            }

            if (destination.Waiting.TryTake(out var recipient))
            {
                Begin(peer, destination, recipient, now);
            }

            _core.Destinations.Enter(destination);
            if (++taken == MaxPerTurn)
            {
                _soon.Set(TimeSpan.Zero);
                break;
            }
        }
    }

    /// <summary>The routes have changed: what is queued follows them.</summary>
    internal void Reroute() => _rounds.Reroute();

    /// <summary>An attempt is over: its destination may have another.</summary>
    internal void Ended(Destination destination)
    {
        _core.Destinations.Enter(destination);
        Run();
    }

    private static int RoomOf(DeliveryPeer peer, int limit) => peer.Sink is null ? 0 : limit - peer.Attempts.Count;

    /// <summary>
    /// Those that never answered have half of the places together. A stranger who has notifications sent to domains of his
    /// own making, where everything is taken and nothing said, holds no more for as long as an attempt may last.
    /// </summary>
    private int RoomForUnproven() => Math.Max(1, _core.Settings.Attempts.Remote / 2) - _remote.Attempts.Count(attempt => !attempt.Window.IsProven);

    /// <summary>Has a destination stand in a line instead of in the rotation.</summary>
    private static void Await(Queue<Destination> waiting, Destination destination)
    {
        destination.InRotation = true;
        waiting.Enqueue(destination);
    }

    private void Recall(Queue<Destination> waiting, int room)
    {
        for (; room > 0 && waiting.TryDequeue(out var destination); room--)
        {
            destination.InRotation = false;
            _core.Destinations.Enter(destination);
        }
    }

    private void Begin(DeliveryPeer peer, Destination destination, int first, long now)
    {
        if (!IsReady(first, destination))
        {
            return; // A stale entry: served, held or removed meanwhile, or already tried with one before it in the message.
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
            return;
        }

        destination.Window.Begin();
        peer.Begin(message, destination, _recipients);
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
