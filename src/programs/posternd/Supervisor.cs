using System.Runtime.InteropServices;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Ipc.Slices;
using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>Keeps the programs running: starts, wires, restarts, reloads and stops them, on one thread.</summary>
internal sealed partial class Supervisor : IDisposable
{
    // One that talks without end must not keep us from the others.
    private const int MaxPacketsAtOnce = 64;

    private readonly string _file;
    private readonly WakeUp _signal = WakeUp.Open();
    private readonly ListeningSockets _sockets = new();
    private readonly List<RunningProgram> _programs = [];
    private readonly List<RunningProgram> _delivers = [];
    private SliceSet _slices;
    private volatile bool _reloadAsked;
    private volatile bool _stopAsked;
    private bool _announced;
    private int? _exit;

    private Supervisor(string file, SliceSet slices) => (_file, _slices) = (file, slices);

    /// <summary>Runs the server with a configuration file until it is told to stop; returns the exit code.</summary>
    internal static int Run(string file)
    {
        // A user who runs it without root must not be able to read in it, nor any program that it starts to gain rights.
        _ = OwnProcess.RefuseTracing();
        _ = OwnProcess.RefuseNewPrivileges();
        var slices = SliceSet.Load(file, out var code);
        if (slices is null)
        {
            return code;
        }

        using var supervisor = new Supervisor(file, slices);
        var fault = Fault(slices.Own);
        if ((fault ?? supervisor.Prepare()) is { } problem)
        {
            Announce.Error("not-started", $"reason=\"{problem}\"");
            return fault is null ? 71 : 78;
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

    private static string? Fault(SupervisorSlice configuration) =>
        DeliverRules.Fault(configuration, OwnProcess.User, Programs.FindUser(OwnProcess.User));

    private string? Prepare() =>
        Programs.MissingUser(_slices.Own.MailboxUser) is { } missing
            ? $"the system user {missing} does not exist: {(missing.StartsWith("postern-", StringComparison.Ordinal) ? "run 'postern setup users' as root" : "make it, or correct [mailboxes] user")}"
            : StateFolders.Prepare(_slices.Own) ?? _sockets.OpenLocal(_slices.Own.State) ?? _sockets.Follow(_slices.Own.Listeners, [], []);

    private int Serve()
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Ask(context, stop: true));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Ask(context, stop: true));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Ask(context, stop: false));
        Announce.Info("starting", OwnProcess.User == 0
            ? "users=separate"
            : "users=one reason=\"not started as root: every program runs as the caller\"");
        _programs.AddRange(ProgramTable.Standing.Where(entry => entry.Name != ProgramName.Acme || _slices.Own.OfAcme.Any()).Select(entry => new RunningProgram(entry, Programs.UserOf(entry))));
        while (_exit is null && !_stopAsked)
        {
            StartDue();
            var next = _programs.Where(program => program.State == ProgramState.Down).Select(program => program.StartDue).DefaultIfEmpty(TimeSpan.MaxValue).Min();
            WaitAndTake(next);
            if (_reloadAsked)
            {
                _reloadAsked = false;
                Reload();
            }
        }

        return Stop(_exit ?? 0);
    }

    private void Ask(PosixSignalContext context, bool stop)
    {
        context.Cancel = true;
        _stopAsked |= stop;
        _reloadAsked |= !stop;
        _signal.Signal();
    }

    /// <summary>Waits for a signal, a packet, an end or a moment, and handles what came.</summary>
    private void WaitAndTake(TimeSpan until)
    {
        var wait = until == TimeSpan.MaxValue ? -1 : (int)Math.Clamp((until - Now()).TotalMilliseconds + 1, 0, 10_000);
        RunningProgram[] all = [.. _programs, .. _delivers];
        int[] descriptors = [_signal.Number, .. all.Select(program => program.Control?.Number ?? -1)];
        var ready = new bool[descriptors.Length];
        _ = DescriptorPoll.WaitReadable(descriptors, ready, wait);
        if (ready[0])
        {
            _signal.Clear();
        }

        foreach (var program in all.Where((_, index) => ready[1 + index]))
        {
            TakePackets(program);
        }
    }

    private void TakePackets(RunningProgram program)
    {
        for (var count = 0; count < MaxPacketsAtOnce && program.Control is { } control; count++)
        {
            var taken = ControlPacket.Receive(control.Number, out var packet, out var passed);
            passed?.Dispose(); // From older kernels, which can't refuse it.
            if (taken is null)
            {
                return;
            }

            if (taken == false || !Handle(program, packet))
            {
                TakeEnd(program);
            }
        }
    }

    private bool Handle(RunningProgram program, ControlPacket packet)
    {
        switch (packet.Kind)
        {
            case ControlKind.Ready when program.State == ProgramState.Starting:
                (program.State, program.Walls) = (ProgramState.Ready, packet.Number);
                AnnounceReady();
                return true;
            case ControlKind.Ready:
                return program.State == ProgramState.Stopping;
            case ControlKind.DeliverRequest when program.Entry.Name == ProgramName.Local:
                return StartDeliver(program, packet);
            default:
                return false;
        }
    }

    /// <summary>Ends a program whose control channel closed, because it died or on purpose, or carried nonsense; decides what comes next.</summary>
    private void TakeEnd(RunningProgram program)
    {
        var (pid, state) = (program.Pid, program.State);
        if (pid == 0)
        {
            return;
        }

        var end = program.End();
        var orderly = state == ProgramState.Stopping || (_delivers.Remove(program) && end is { Exited: true, ExitCode: 0 });
        if (!orderly)
        {
            Announce.Warning("program-ended", $"name={program.Entry.ShortName} pid={pid} by=\"{end}\"");
        }

        if (orderly || program.Entry == ProgramTable.Deliver)
        {
            return;
        }

        Announce.Table(_slices.Own.State, _programs);
        if (!_announced && state == ProgramState.Starting && end.Exited)
        {
            GiveUp(program, "it could not start", end.ExitCode != 0 ? end.ExitCode : 70);
        }
        else if (state == ProgramState.Starting && end.Exited)
        {
            // Something is in its way that a person has to mend, like a file that a reload named. The rest of the server can wait for that.
            program.StartDue = Now() + RestartPolicy.LongestPause;
        }
        else
        {
            Postpone(program, "it keeps dying", 70);
        }
    }

    private void Postpone(RunningProgram program, string reason, int code)
    {
        if (program.Policy.AfterDeath(Now()) is { } pause)
        {
            program.StartDue = Now() + pause;
        }
        else
        {
            GiveUp(program, reason, code);
        }
    }

    private void GiveUp(RunningProgram program, string reason, int code)
    {
        Announce.Error("giving-up", $"name={program.Entry.ShortName} reason=\"{reason}\"");
        program.StartDue = TimeSpan.MaxValue;
        _exit ??= code;
    }

    private void AnnounceReady()
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
