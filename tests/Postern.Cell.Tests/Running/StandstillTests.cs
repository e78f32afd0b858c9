using System.Diagnostics;
using Postern.Cell.Tests.Prison;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>A cell that is itself held up: by a terminal that nobody reads, or by a signal.</summary>
public sealed class StandstillTests
{
    // Makes a terminal, has the cell write to it, reads nothing before a line comes, and tells then how it ended.
    private const string OnTerminal =
        """
        import os, pty, subprocess, sys
        ours, theirs = pty.openpty()
        cell = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=theirs)
        os.close(theirs)
        print("begun", flush=True)
        sys.stdin.readline()
        try:
            while os.read(ours, 65536): pass
        except OSError: pass
        print(cell.wait(), flush=True)
        """;

    public static TheoryData<CellMode> Modes => [CellMode.Root, CellMode.Unprivileged, CellMode.Bare];

    [Theory]
    [MemberData(nameof(Modes))]
    public void ATerminalThatNobodyReads_KeepsNoProgramAlive(CellMode mode)
    {
        _ = File.Exists("/usr/bin/python3") ? "" : Requirement.Peer("python3");
        var mark = $"mark-{Guid.NewGuid():N}";
        // A line at a time: of each the terminal makes one byte more, so that what it has room for is never a whole number of pieces.
        var command = CellRun.Command(mode, ["--seconds", "1", "perl", "-e", "print 'x' x 70, qq(\n) while 1", mark]);
        using var terminal = CellRun.Start(["/usr/bin/python3", "-c", OnTerminal, .. command]);
        Assert.Equal("begun", terminal.StandardOutput.ReadLine());
        Patience.Until(() => Processes.With("perl", mark).Count > 0, () => "the program never began");
        Patience.Until(() => Processes.With("perl", mark).Count == 0, () => "the program outlives its time");
        terminal.StandardInput.WriteLine();
        Assert.Equal("124", terminal.StandardOutput.ReadLine());
        Assert.True(terminal.WaitForExit(Patience.Long));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ACellThatIsStopped_KeepsNoProgramAlive(CellMode mode)
    {
        var mark = $"mark-{Guid.NewGuid():N}";
        using var cell = CellRun.Start(CellRun.Command(mode, "--seconds", "2", Acts.Program, "deaf", mark));
        Assert.Equal("deaf", cell.StandardOutput.ReadLine());
        Signal(cell, "STOP");
        Patience.Until(() => Processes.With(Acts.Program, mark).Count == 0, () => "the program outlives its time");
        Signal(cell, "CONT");
        Assert.True(cell.WaitForExit(Patience.Long));
        Assert.Equal(124, cell.ExitCode);
    }

    private static void Signal(Process process, string name) => RunningProgram.Signal(process.Id, name);
}
