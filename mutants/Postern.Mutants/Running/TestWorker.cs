using System.Diagnostics;
using System.Globalization;

namespace Postern.Mutants.Running;

/// <summary>The process that runs the tests of one assembly, begun anew when a mutant hangs or breaks it.</summary>
/// <param name="folder">The folder of the tests, with the mutated assembly in it.</param>
/// <param name="tests">The tests' assembly.</param>
/// <param name="mutated">The mutated assembly.</param>
/// <param name="onlyClass">The only class whose tests are run; null for all.</param>
internal sealed class TestWorker(string folder, string tests, string mutated, string? onlyClass) : IDisposable
{
    // A mutant may ask for memory without end.
    private const string MaxHeap = "0x60000000";

    private Process? _process;
    private Task<string?>? _reading;

    /// <summary>How often a process was begun.</summary>
    public int Starts { get; private set; }

    /// <summary>The names of all test cases.</summary>
    public IReadOnlyList<string> List()
    {
        List<string> names = [];
        Send("list");
        while (Receive(Allowance.Start) is { } line && line != ".") names.Add(line);
        return names.Count > 0 ? names : throw new InvalidOperationException($"No test of {tests} was found in {folder}.");
    }

    /// <summary>Asks for something; the answer is received line by line.</summary>
    public void Send(string request)
    {
        if (_process is null or { HasExited: true }) Begin();
        try
        {
            _process!.StandardInput.WriteLine(request);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It died in between; there will be no answer, which says the same.
        }
    }

    /// <summary>The next line; null when the process died, or took longer than it may and was ended.</summary>
    public string? Receive(Allowance allowance) => Receive(allowance, out _);

    /// <inheritdoc cref="Receive(Allowance)"/>
    public string? Receive(Allowance allowance, out bool late)
    {
        late = false;
        var process = _process!;
        var idle = Stopwatch.StartNew();
        var worked = Worked(process);
        _reading ??= process.StandardOutput.ReadLineAsync();
        while (!_reading.Wait(TimeSpan.FromMilliseconds(100)))
        {
            // Whoever spins uses the processor; whoever waits in vain does not even ask for it. On a busy machine both take
            // any time.
            if (WantsProcessor(process.Id)) idle.Restart();
            if (Worked(process) - worked <= allowance.Work && idle.Elapsed <= allowance.Idle) continue;
            late = true;
            End();
            return null;
        }
        string? line = _reading.Result;
        _reading = null;
        if (line is null) End();
        return line;
    }

    /// <summary>Ends the process; the next request begins another.</summary>
    public void End()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        (_process, _reading) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private static TimeSpan Worked(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It just ended.
            return TimeSpan.Zero;
        }
    }

    private static bool WantsProcessor(int process)
    {
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                string status = File.ReadAllText($"{thread}/stat");
                if (status[status.LastIndexOf(')') + 2] is 'R' or 'D') return true;
            }
            return false;
        }
        catch (IOException)
        {
            // A thread or the process just ended: that is no waiting.
            return true;
        }
    }

    private void Begin()
    {
        End();
        Starts++;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        string[] arguments =
        [
            "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json",
            Path.Join(folder, "Postern.Mutants.Worker.dll"), tests, mutated,
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        if (onlyClass is not null) start.ArgumentList.Add(onlyClass);
        start.Environment["DOTNET_GCHeapHardLimit"] = MaxHeap;
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Dying is an outcome, not an accident to be dumped.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
    }
}

/// <summary>How long an answer may take.</summary>
/// <param name="Work">Time of the processor.</param>
/// <param name="Idle">Time by the clock during which nothing of it wants the processor.</param>
internal readonly record struct Allowance(TimeSpan Work, TimeSpan Idle)
{
    /// <summary>For beginning a process and finding the tests.</summary>
    public static Allowance Start => new(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10));

    /// <summary>For a test that takes so much work without a mistake: generous, as a false alarm would count as a kill.</summary>
    public static Allowance For(int milliseconds) =>
        new(TimeSpan.FromMilliseconds(3000 + (5.0 * milliseconds)), TimeSpan.FromSeconds(20));

    public static int Parse(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
