using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>Stops the programs in good order: first nobody new comes in, then the queue finishes, then the rest goes.</summary>
internal sealed class Shutdown(IReadOnlyList<RunningProgram> programs, DeliverStarter deliveries)
{
    /// <summary>What is in flight has this long in all.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The last ones own nothing that could be lost.</summary>
    private static readonly TimeSpan _lastPatience = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _deadline = Now() + _patience;

    /// <summary>Stops everything; returns the exit code.</summary>
    internal int Run()
    {
        Announce.Info("stopping", "patience=10s");
        StopAndAwait(program => program.Entry.Name == ProgramName.Smtpd, _deadline);
        StopAndAwait(program => program.Entry.Name == ProgramName.Queue, _deadline);
        deliveries.CloseAll();
        StopAndAwait(_ => true, Now() + _lastPatience);
        foreach (var program in programs.Where(program => program.Pid != 0))
        {
            _ = ChildProcess.Signal(program.Pid, ChildProcess.SignalKill);
            _ = ChildProcess.Reap(program.Pid, wait: true, out _);
            program.Forget();
        }

        deliveries.TakeEnds();
        Announce.Info("stopped", "code=0");
        return 0;
    }

    private static TimeSpan Now() => TimeProvider.System.GetElapsedTime(0);

    private void StopAndAwait(Func<RunningProgram, bool> which, TimeSpan deadline)
    {
        var chosen = programs.Where(program => program.Pid != 0 && which(program)).ToList();
        foreach (var program in chosen)
        {
            program.State = ProgramState.Stopping;
            if (program.Control is { } control)
            {
                _ = ControlPacket.Send(control.Number, default(StopFrame), null);
            }
        }

        while (chosen.Count > 0 && Now() < deadline)
        {
            int[] watches = [.. chosen.Select(program => program.Watch!.Number)];
            _ = DescriptorPoll.WaitReadable(watches, new bool[watches.Length], (int)(deadline - Now()).TotalMilliseconds + 1);
            foreach (var program in chosen.ToList())
            {
                if (ChildProcess.Reap(program.Pid, wait: false, out _).Value == program.Pid)
                {
                    program.Forget();
                    chosen.Remove(program);
                }
            }
        }
    }
}
