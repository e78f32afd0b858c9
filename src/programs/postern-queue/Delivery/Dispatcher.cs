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

    /// <summary>Messages taken out of the lines in one go before the loop has its turn again.</summary>
    private const int MaxPerTurn = 256;

    private readonly QueueCore _core;
    private readonly DeliveryPeer _local;
    private readonly DeliveryPeer _remote;
    private readonly Outcomes _outcomes;
    private readonly Rounds _rounds;
    private readonly LoopTimer _timer;
    private readonly LoopTimer _soon;
    private readonly Queue<Destination> _waitingForLocal = new();
    private readonly Queue<Destination> _waitingForRemote = new();
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
        Recall(_local, _waitingForLocal, _core.Settings.Attempts.Local);
        Recall(_remote, _waitingForRemote, _core.Settings.Attempts.Remote);
        var now = _core.Now;
        for (var taken = 0; Open && _core.Destinations.TryNext(out var destination);)
        {
            var local = destination!.Hop.Kind == HopKind.Local;
            var peer = local ? _local : _remote;
            if (peer.Sink is null || peer.Attempts.Count >= (local ? _core.Settings.Attempts.Local : _core.Settings.Attempts.Remote))
            {
                destination.InRotation = true; // It stands in line for the peer instead.
                (local ? _waitingForLocal : _waitingForRemote).Enqueue(destination);
                continue;
            }

            if (!destination.Window.IsOpen(now))
            {
                _core.Destinations.Park(destination);
                continue;
            }

            if (destination.Waiting.TryTake(out var message))
            {
                Begin(peer, destination, message, now);
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

    private void Recall(DeliveryPeer peer, Queue<Destination> waiting, int limit)
    {
        for (var room = peer.Sink is null ? 0 : limit - peer.Attempts.Count; room > 0 && waiting.TryDequeue(out var destination); room--)
        {
            destination.InRotation = false;
            _core.Destinations.Enter(destination);
        }
    }

    private void Begin(DeliveryPeer peer, Destination destination, int message, long now)
    {
        ref var entry = ref _core.Table.Messages[message];
        var more = false;
        _recipients.Clear();
        for (var index = entry.Id == 0 ? -1 : entry.FirstRecipient; index >= 0; index = _core.Table.Recipients[index].Next)
        {
            ref var recipient = ref _core.Table.Recipients[index];
            if (recipient.State != RecipientState.Ready || recipient.Active || recipient.Held || recipient.Destination != destination.Index)
            {
                continue;
            }

            if (_recipients.Count == MaxRecipients)
            {
                more = true;
                break;
            }

            _recipients.Add(index);
        }

        if (more)
        {
            destination.Waiting.Add(entry.Sender, message);
        }

        if (_recipients.Count == 0)
        {
            return; // A stale entry: served, held or removed meanwhile.
        }

        if (_core.Table.Recipients[_recipients[0]].Attempts > 0 && _core.Settings.Backoff.IsExpired(entry.Arrived, now))
        {
            _outcomes.Expire(message, _recipients, destination);
            return;
        }

        destination.Window.Begin();
        peer.Begin(message, destination, _recipients);
    }

    /// <summary>Once a second: deferred messages whose moment has come go into their lines, and rests may be over.</summary>
    private void OnTime()
    {
        var now = _core.Now;
        while (_core.Deferred.TryPeek(out var message, out var due) && due <= now)
        {
            _core.Deferred.Dequeue();
            Wake(message, (uint)now);
        }

        _core.Destinations.Step(now);
        _rounds.Step(now);
        Run();
        _timer.Set(TimeSpan.FromSeconds(1));
    }

    private void Wake(int message, uint now)
    {
        ref var entry = ref _core.Table.Messages[message];
        for (var index = entry.Id == 0 ? -1 : entry.FirstRecipient; index >= 0; index = _core.Table.Recipients[index].Next)
        {
            ref var recipient = ref _core.Table.Recipients[index];
            if (recipient.State == RecipientState.Deferred && !recipient.Held && recipient.NextAttempt <= now)
            {
                recipient.State = RecipientState.Ready;
                _core.Line(message, recipient.Destination);
            }
        }
    }
}
