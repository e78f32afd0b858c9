using Postern.Ipc;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Queue.Administration;
using Postern.Queue.Delivery;
using Postern.Queue.Intake;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>The parts of a running queue and how they are joined.</summary>
internal sealed class QueueParts
{
    /// <summary>Connections that one local user may have open: enough for a busy web server, not for all our descriptors.</summary>
    private const int MaxPerUser = 64;

    /// <summary>Those that all local users may have open together: the rest of our descriptors is for the log and the other programs.</summary>
    private const int MaxLocal = 512;

    private readonly EventLoop _loop;
    private readonly EventLog _events;
    private readonly Action<int> _finish;
    private readonly IntakeGate _gate;
    private readonly Outcomes _outcomes;
    private readonly DeliveryPeer _local;
    private readonly DeliveryPeer _remote;
    private readonly BouncePeer _bounce;
    private bool _stopping;

    /// <param name="loop">The loop on which everything happens but the waiting for syncs, and the clock.</param>
    /// <param name="background">Waits for syncs.</param>
    /// <param name="events">The log for people.</param>
    /// <param name="finish">Ends the program with a code.</param>
    /// <param name="log">The log of messages.</param>
    /// <param name="settings">The configuration.</param>
    internal QueueParts(EventLoop loop, IBackground background, EventLog events, Action<int> finish, QueueLog log, QueueSettings settings)
    {
        (_loop, _events, _finish) = (loop, events, finish);
        Core = new QueueCore(log, events, loop.Time, settings);
        _gate = new IntakeGate(loop, log, events);
        Committer = new Committer(Core, loop, background, _gate) { Done = AfterCommit, Poisoned = Poisoned };
        Notices = new NoticeDesk(Core, loop);
        _bounce = new BouncePeer(Core, Notices, Committer);
        Notices.Bounce = _bounce;
        _outcomes = new Outcomes(Core, Committer, Notices);
        _local = new DeliveryPeer(Core, "local", AttemptEnded, PeerLost);
        _remote = new DeliveryPeer(Core, "remote", AttemptEnded, PeerLost);
        Dispatcher = new Dispatcher(Core, loop, _local, _remote, _outcomes);
        var checkpointer = new Checkpointer(Core, loop, Committer, Notices);
        _ = new Mover(Core, loop, Committer, _gate, Notices, checkpointer);
    }

    /// <summary>What the parts share.</summary>
    internal QueueCore Core { get; }

    /// <summary>Makes things durable.</summary>
    internal Committer Committer { get; }

    /// <summary>Decides what is tried next.</summary>
    internal Dispatcher Dispatcher { get; }

    /// <summary>What senders are owed.</summary>
    internal NoticeDesk Notices { get; }

    /// <summary>Reads the log, begins a new run, and makes that durable before the first id goes out.</summary>
    /// <returns>Null, or why it can't.</returns>
    internal string? Replay()
    {
        var replay = new Replay(Core, Notices);
        if (Core.Log.Records.Recover(replay, out var summary) == LogResult.Failed || replay.Finish() is not { } broken)
        {
            return $"the log can't be read: {Core.Log.Records.LastFailure}"; // The messages are as they were: the next start may see them.
        }

        foreach (var damage in replay.Damages)
        {
            _events.Error("log-damaged").Quoted("where", damage.ToString()).Write();
        }

        foreach (var message in broken)
        {
            _events.Error("message-damaged").Word("id", new MessageId(message).ToString()).Write();
        }

        var generation = Math.Max(replay.Generation + 1, (uint)Core.Now);
        Core.BeginIds(generation);
        // On a full disk only ids that nobody sees are issued: nothing new is taken, and what is there is delivered.
        var started = Core.Log.AppendStart(new StartRecord(generation));
        if (started == LogResult.Full)
        {
            _gate.DiskIsFull();
        }
        else if (started == LogResult.Failed || Core.Log.Records.Commit() != LogResult.Success)
        {
            return $"the log can't be written: {Core.Log.Records.LastFailure}";
        }

        _events.Info("recovered").Number("messages", Core.Table.Messages.Count).Number("recipients", Core.Table.Recipients.Count)
            .Number("records", summary.Records).Number("strange", replay.Strange).Write();
        return null;
    }

    /// <summary>Takes up a new configuration: what is queued follows it.</summary>
    internal void Adopt(QueueSettings settings)
    {
        Core.Settings = settings;
        Core.Destinations.Limit(settings);
        Dispatcher.Reroute();
    }

    /// <summary>Joins a channel to another program.</summary>
    internal void Connect(ProgramName peer, Descriptor descriptor)
    {
        switch (peer)
        {
            case ProgramName.Smtpd or ProgramName.Auth:
                AddIntake(descriptor, peer, null);
                break;
            case ProgramName.Local:
                _local.Join(new Channel(_loop, descriptor, _local));
                break;
            case ProgramName.Remote:
                _remote.Join(new Channel(_loop, descriptor, _remote));
                break;
            case ProgramName.Bounce:
                _bounce.Join(new Channel(_loop, descriptor, _bounce));
                Notices.RunAfterSync();
                break;
            default:
                descriptor.Dispose();
                break;
        }

        Dispatcher.Run();
    }

    /// <summary>Takes a connection on one of the local sockets.</summary>
    internal void Welcome(Descriptor connection, bool administration)
    {
        if (Socket.PeerUser(connection.Number, out var uid).Failed)
        {
            connection.Dispose();
        }
        else if (!administration)
        {
            Welcome(connection, uid);
        }
        else
        {
            var desk = new AdminDesk(Core, _loop, Committer, Dispatcher, _gate) { Active = () => _local.Attempts.Count + _remote.Attempts.Count };
            desk.Sink = new Channel(_loop, connection, desk) { Drained = desk.GoOn, MaxUnsent = AdminDesk.MaxUnsent };
        }
    }

    /// <summary>Takes the connection of a local user.</summary>
    internal void Welcome(Descriptor connection, uint uid)
    {
        if (_gate.Intakes.Count(intake => intake.LocalUser == uid) >= MaxPerUser || _gate.Intakes.Count(intake => intake.LocalUser is not null) >= MaxLocal)
        {
            connection.Dispose();
        }
        else
        {
            AddIntake(connection, ProgramName.None, uid);
        }
    }

    /// <summary>Takes nothing new, begins nothing new, and ends when what is under way is over and durable.</summary>
    internal void Stop()
    {
        _stopping = true;
        Dispatcher.Open = false;
        _gate.Drain(on: true);
        Committer.AfterSync(EndIfIdle);
    }

    private void AddIntake(Descriptor descriptor, ProgramName program, uint? uid)
    {
        var intake = new Intake.Intake(Core, Committer, _gate, program, uid);
        intake.Sink = new Channel(_loop, descriptor, intake) { MaxUnsent = Intake.Intake.MaxUnsent };
        _gate.Welcome(intake);
    }

    private void AfterCommit()
    {
        // In this order: what the dispatcher gives up now is owed, but not yet durable.
        Notices.Run();
        Dispatcher.Run();
    }

    private void AttemptEnded(DeliveryPeer peer, Attempt attempt)
    {
        _outcomes.Take(attempt, peer.Name);
        Dispatcher.Ended(attempt.Destination);
        EndIfIdle();
    }

    private void PeerLost(DeliveryPeer peer)
    {
        foreach (var attempt in peer.Attempts)
        {
            _outcomes.Lose(attempt);
        }

        if (_stopping)
        {
            Committer.AfterSync(EndIfIdle); // Until then they are counted.
        }
    }

    private void EndIfIdle()
    {
        if (_stopping && _local.Attempts.Count == 0 && _remote.Attempts.Count == 0)
        {
            Committer.AfterSync(() => _finish(ExitCode.Success));
        }
    }

    /// <summary>Storage failed: nobody may be promised anything by this process any more; the next one reads the disk anew.</summary>
    private void Poisoned()
    {
        _events.Error("storage-failed").Quoted("reason", Core.Log.Records.LastFailure ?? "unknown").Write();
        foreach (var intake in _gate.Intakes)
        {
            (intake.Sink as Channel)?.Flush();
        }

        _finish(ExitCode.InputOutput);
    }
}
