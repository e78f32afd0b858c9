using System.Globalization;
using Postern.Posix;
using Postern.Posix.Processes;

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

    /// <summary>Whom it runs as; null when as we do.</summary>
    internal SystemUser? Account { get; } = user;

    /// <summary>The user's name, for tables.</summary>
    internal string User => Account?.Name ?? OwnProcess.User.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where in its life it is.</summary>
    internal ProgramState State { get; set; }

    /// <summary>Its process id while it runs, else 0.</summary>
    internal int Pid { get; set; }

    /// <summary>Readable when the process has ended.</summary>
    internal Descriptor? Watch { get; set; }

    /// <summary>Our end of its control socket.</summary>
    internal Descriptor? Control { get; set; }

    /// <summary>How often it was started.</summary>
    internal int Starts { get; set; }

    /// <summary>The moment (timestamp of the clock) from which it may be started again.</summary>
    internal long StartDue { get; set; }

    /// <summary>Judges how soon it may be started again.</summary>
    internal RestartPolicy Policy { get; } = new();

    /// <summary>A process was started.</summary>
    internal void Begin(int pid, Descriptor watch, Descriptor control)
    {
        (Pid, Watch, Control, State) = (pid, watch, control, ProgramState.Starting);
        Starts++;
    }

    /// <summary>The process has ended.</summary>
    internal void Forget()
    {
        Watch?.Dispose();
        Control?.Dispose();
        (Pid, Watch, Control, State) = (0, null, null, ProgramState.Down);
    }
}
