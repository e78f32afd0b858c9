using System.Runtime.InteropServices;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Posix.Polling;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>Keeps the programs running: starts, wires, restarts, reloads and stops them, on one thread.</summary>
internal sealed partial class Supervisor : IDisposable
{
    private readonly string _file;
    private readonly WakeUp _signal = WakeUp.Open();
    private readonly ListeningSockets _sockets = new();
    private readonly List<RunningProgram> _programs = [];
    private readonly DeliverStarter _deliveries;
    private SliceSet _slices;
    private volatile bool _reloadAsked;
    private volatile bool _stopAsked;
    private bool _announced;
    private int? _exit;

    private Supervisor(string file, SliceSet slices)
    {
        _file = file;
        _slices = slices;
        _deliveries = new DeliverStarter(slices.Own);
    }

    /// <summary>Runs the server with a configuration file until it is told to stop; returns the exit code.</summary>
    internal static int Run(string file)
    {
        var slices = SliceSet.Load(file, out var code);
        if (slices is null)
        {
            return code;
        }

        using var supervisor = new Supervisor(file, slices);
        if (supervisor.Prepare() is { } problem)
        {
            Announce.Error("not-started", $"reason=\"{problem}\"");
            return code == 0 ? 71 : code;
        }

        return supervisor.Serve();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signal.Dispose();
        _slices.Dispose();
    }

    private static TimeSpan Now() => TimeProvider.System.GetElapsedTime(0);

    private string? Prepare()
    {
        if (Programs.MissingUser(_slices.Own.MailboxUser) is { } missing)
        {
            return $"the system user {missing} does not exist: run 'postern setup users' as root";
        }

        List<ushort> opened = [];
        return StateFolders.Prepare(_slices.Own) ?? _sockets.OpenLocal(_slices.Own.State) ?? _sockets.Follow(_slices.Own.Listeners, opened, []);
    }

    private int Serve()
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Ask(context, stop: true));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Ask(context, stop: true));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Ask(context, stop: false));
        Announce.Info("starting", OwnProcess.User == 0
            ? "users=separate"
            : "users=one reason=\"not started as root: every program runs as the caller\"");
        foreach (var entry in ProgramTable.Standing)
        {
            _programs.Add(new RunningProgram(entry, Programs.UserOf(entry)));
        }

        while (_exit is null)
        {
            StartDue();
            WaitAndTake();
            if (_stopAsked)
            {
                return new Shutdown(_programs, _deliveries).Run();
            }

            if (_reloadAsked)
            {
                _reloadAsked = false;
                Reload();
            }
        }

        _ = new Shutdown(_programs, _deliveries).Run();
        return _exit.Value;
    }

    private void Ask(PosixSignalContext context, bool stop)
    {
        context.Cancel = true;
        _stopAsked |= stop;
        _reloadAsked |= !stop;
        _signal.Signal();
    }

    /// <summary>Waits for a death, a control packet, a signal or the next start that is due, and handles what came.</summary>
    private void WaitAndTake()
    {
        var due = _programs.Where(program => program.State == ProgramState.Down).Select(program => program.StartDue).DefaultIfEmpty(long.MaxValue).Min();
        var wait = due == long.MaxValue ? -1 : (int)Math.Clamp((due - Now().Ticks) / TimeSpan.TicksPerMillisecond, 0, 10_000);
        int[] descriptors =
        [
            _signal.Number,
            .. _programs.Select(program => program.Watch?.Number ?? -1),
            .. _programs.Select(program => program.Control?.Number ?? -1),
            .. _deliveries.Watches,
        ];
        var ready = new bool[descriptors.Length];
        if (DescriptorPoll.WaitReadable(descriptors, ready, wait) == 0)
        {
            return;
        }

        if (ready[0])
        {
            _signal.Clear();
        }

        // What a program said before it died is heard first.
        for (var i = 0; i < _programs.Count; i++)
        {
            if (ready[1 + _programs.Count + i])
            {
                TakePackets(_programs[i]);
            }

            if (ready[1 + i])
            {
                TakeEnd(_programs[i]);
            }
        }

        _deliveries.TakeEnds();
    }

    private void TakePackets(RunningProgram program)
    {
        Span<byte> packet = stackalloc byte[ControlPacket.MaxSize];
        while (program.Control is { } control)
        {
            var received = PacketSocket.Receive(control.Number, packet, out var passed);
            passed?.Dispose(); // No program has anything to hand us.
            if (received.WouldBlock)
            {
                return;
            }

            if (received.Failed || received.Value == 0 || !TakePacket(program, packet[..received.Value]))
            {
                Distrust(program);
                return;
            }
        }
    }

    private bool TakePacket(RunningProgram program, ReadOnlySpan<byte> packet)
    {
        if (!ControlPacket.TrySplit(packet, out var type, out var reader))
        {
            return false;
        }

        if (type == ReadyFrame.Type && ReadyFrame.TryRead(ref reader, out _))
        {
            program.State = ProgramState.Ready;
            AnnounceWhenAllReady();
            return true;
        }

        if (type == DeliverRequestFrame.Type && program.Entry.Name == ProgramName.Local && DeliverRequestFrame.TryRead(ref reader, out var request))
        {
            var outcome = _deliveries.Start(request.User, _slices, out var channel);
            using (channel)
            {
                return !ControlPacket.Send(program.Control!.Number, new DeliverAnswerFrame(request.Id, outcome), channel).Failed;
            }
        }

        return false;
    }

    /// <summary>A program whose control channel is closed or carries nonsense is ended; its death is handled as any other.</summary>
    private static void Distrust(RunningProgram program)
    {
        program.Control?.Dispose();
        program.Control = null;
        if (program.Pid != 0)
        {
            _ = ChildProcess.Signal(program.Pid, ChildProcess.SignalKill);
        }
    }

    private void TakeEnd(RunningProgram program)
    {
        if (ChildProcess.Reap(program.Pid, wait: false, out var end).Value != program.Pid)
        {
            return;
        }

        Announce.Warning("program-ended", $"name={program.Entry.ShortName} pid={program.Pid} by=\"{end}\"");
        var neverReady = !_announced && program.State == ProgramState.Starting && end.Exited;
        program.Forget();
        var pause = program.Policy.AfterDeath(Now());
        if (neverReady || pause is null)
        {
            Announce.Error("giving-up", $"name={program.Entry.ShortName} reason=\"{(neverReady ? "it could not start" : "it keeps dying")}\"");
            _exit = neverReady && end.ExitCode != 0 ? end.ExitCode : 70;
            return;
        }

        program.StartDue = (Now() + pause.Value).Ticks;
    }

    private void AnnounceWhenAllReady()
    {
        Announce.Table(_slices.Own.State, _programs);
        if (!_announced && _programs.All(program => program.State == ProgramState.Ready))
        {
            _announced = true;
            Announce.Ready();
            Announce.Info("ready", $"programs={_programs.Count}");
        }
    }
}
