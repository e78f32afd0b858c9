using System.Globalization;
using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>The stations of a supervised program's life.</summary>
internal enum ProgramState
{
    /// <summary>Not running; started when <see cref="RunningProgram.StartDue"/> comes.</summary>
    Down,

    /// <summary>Started, not yet ready.</summary>
    Starting,

    /// <summary>Said that it serves.</summary>
    Ready,

    /// <summary>Told to finish.</summary>
    Stopping,
}

/// <summary>One supervised program as it is now.</summary>
internal sealed class RunningProgram(ProgramEntry entry, SystemUser? user)
{
    /// <summary>Its row in the table.</summary>
    internal ProgramEntry Entry { get; } = entry;

    /// <summary>The user's name, for tables.</summary>
    internal string User => user?.Name ?? OwnProcess.User.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where in its life it is.</summary>
    internal ProgramState State { get; set; }

    /// <summary>Its process id while it runs, else 0.</summary>
    internal int Pid { get; private set; }

    /// <summary>Our end of its control socket while it runs; closed by the other side when the process ends.</summary>
    internal Descriptor? Control { get; private set; }

    /// <summary>The walls that stand around it, as it said when it became ready.</summary>
    internal uint Walls { get; set; }

    /// <summary>How often it was started.</summary>
    internal int Starts { get; private set; }

    /// <summary>The moment (monotonic) from which it may be started again.</summary>
    internal TimeSpan StartDue { get; set; }

    /// <summary>Judges how soon it may be started again.</summary>
    internal RestartPolicy Policy { get; } = new();

    /// <summary>Starts the process; false when the system can't now.</summary>
    internal bool Launch()
    {
        var started = Socket.OpenPair(packets: true, out var ours, out var theirs);
        using (theirs)
        {
            if (!started.Failed)
            {
                Socket.RefuseRights(ours!.Number); // No program has anything to hand us.
                started = Programs.Start(Entry, user, [-1, -1, -1, theirs!.Number], []);
            }

            if (started.Failed)
            {
                ours?.Dispose();
                Announce.Error("not-started", $"name={Entry.ShortName} error=\"{started}\"");
                return false;
            }

            (Pid, Control, State) = (started.Value, ours, ProgramState.Starting);
            Starts++;
            return true;
        }
    }

    /// <summary>Sends it a packet; false when it does not take it: it has ended, or stopped reading.</summary>
    internal bool Send(ControlPacket packet, Descriptor? passed = null) => Control is { } control && !packet.Send(control.Number, passed).Failed;

    /// <summary>Ends the process if it still runs, and waits until it is gone.</summary>
    internal ProcessEnd End()
    {
        // To one that is ending by itself this changes nothing, its exit code included.
        _ = ChildProcess.Signal(Pid, ChildProcess.SignalKill);
        _ = ChildProcess.Reap(Pid, wait: true, out var end);
        Control?.Dispose();
        (Pid, Control, State) = (0, null, ProgramState.Down);
        return end;
    }
}
