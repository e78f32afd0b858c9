namespace Postern.Posix.Processes;

/// <summary>Ends children and takes their ends.</summary>
public static unsafe class ChildProcess
{
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;

    private const int DoNotHang = 1;

    /// <summary>Takes the end of a child.</summary>
    /// <param name="pid">The child.</param>
    /// <param name="wait">True to wait for it.</param>
    /// <param name="end">How it ended.</param>
    /// <returns>Its pid; 0 while it lives; or the errno.</returns>
    public static CallResult Reap(int pid, bool wait, out ProcessEnd end)
    {
        int status;
        CallResult result;
        do
        {
            result = CallResult.From(ProcessCalls.Wait(pid, &status, wait ? 0 : DoNotHang));
        }
        while (result.Error == Errno.Interrupted);
        end = new ProcessEnd(status);
        return result;
    }

    /// <summary>Sends a signal to a child of ours that was not reaped yet.</summary>
    public static CallResult Signal(int pid, int signal) => CallResult.From(ProcessCalls.Kill(pid, signal));
}

/// <summary>How a child ended: an exit code or a signal.</summary>
public readonly record struct ProcessEnd(int Status)
{
    /// <summary>True when the program returned.</summary>
    public bool Exited => (Status & 0x7f) == 0;

    /// <summary>The exit code of a program that returned.</summary>
    public int ExitCode => (Status >> 8) & 0xff;

    /// <summary>The signal that ended it, else 0.</summary>
    public int Signal => Status & 0x7f;

    /// <inheritdoc/>
    public override string ToString() => Exited ? $"exit {ExitCode}" : $"signal {Signal}";
}
