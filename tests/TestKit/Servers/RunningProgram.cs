using System.Diagnostics;

namespace Postern.TestKit.Servers;

/// <summary>A program that a test started and that keeps running; its lines are kept.</summary>
public sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    /// <summary>Starts it.</summary>
    public RunningProgram(IReadOnlyList<string> command)
    {
        _process = new Process { StartInfo = Tool.Order(command[0], command.Skip(1)) };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>The lines of its standard output so far.</summary>
    public IReadOnlyList<string> Output => Copy(_output);

    /// <summary>The lines of its standard error so far.</summary>
    public IReadOnlyList<string> Errors => Copy(_errors);

    /// <summary>Everything it said, for the message of a failure.</summary>
    public string Said => string.Join('\n', [.. Output, .. Errors.TakeLast(60)]);

    /// <summary>Sends a signal by its name without SIG.</summary>
    public void Signal(string name) => Signal(Pid, name);

    /// <summary>Sends a signal to a process that belongs to something that we started.</summary>
    public static void Signal(int pid, string name) => _ = Tool.Run("/bin/sh", ["-c", $"kill -{name} {pid}"]);

    /// <summary>Waits for its end for a while; returns whether it came.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Waits for its end and returns the exit code.</summary>
    public int AwaitEnd()
    {
        if (!_process.WaitForExit(Patience.Long))
        {
            throw new TimeoutException($"It does not end: {Said}");
        }

        // Once more without a limit: only that waits for the last lines.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Waits for a line of standard output or standard error; fails when the program ends before.</summary>
    public void AwaitLine(Func<string, bool> isIt, string what)
    {
        Patience.Until(() => Output.Any(isIt) || Errors.Any(isIt) || HasEnded, () => $"no line \"{what}\" in:\n{Said}");
        if (HasEnded)
        {
            AwaitEnd();
            if (!Output.Any(isIt) && !Errors.Any(isIt))
            {
                throw new InvalidOperationException($"It ended with {_process.ExitCode} and never said \"{what}\":\n{Said}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Keep(List<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }

    private static string[] Copy(List<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }
}
