using Postern.Ipc;
using Postern.Ipc.Control;

namespace Postern.Supervisor;

/// <summary>How the programs are stopped in good order: first nobody new comes in, then the queue finishes, then the rest goes.</summary>
internal sealed partial class Supervisor
{
    /// <summary>What is in flight has this long in all.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The last ones own nothing that could be lost.</summary>
    private static readonly TimeSpan _lastPatience = TimeSpan.FromSeconds(1);

    /// <summary>Stops everything; returns the exit code.</summary>
    private int Stop(int code)
    {
        Announce.Info("stopping", "patience=10s");
        var deadline = Now() + _patience;
        StopAndAwait([.. _programs.Where(program => program.Entry.Name == ProgramName.Smtpd)], deadline);
        StopAndAwait([.. _programs.Where(program => program.Entry.Name == ProgramName.Queue)], deadline);
        StopAndAwait([.. _programs, .. _delivers], Now() + _lastPatience);
        foreach (var program in _programs.Concat(_delivers).Where(program => program.Pid != 0))
        {
            _ = program.End();
        }

        Announce.Info("stopped", $"code={code}");
        return code;
    }

    /// <summary>Tells programs to finish and waits; meanwhile the others get what they ask for, for what is in flight needs them.</summary>
    private void StopAndAwait(RunningProgram[] chosen, TimeSpan deadline)
    {
        foreach (var program in chosen.Where(program => program.Pid != 0))
        {
            program.State = ProgramState.Stopping;
            _ = program.Send(new ControlPacket(ControlKind.Stop));
        }

        while (chosen.Any(program => program.Pid != 0) && Now() < deadline)
        {
            WaitAndTake(deadline);
        }
    }
}
