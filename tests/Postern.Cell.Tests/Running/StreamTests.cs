using System.Diagnostics;
using Postern.Cell.Tests.Prison;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>Standard input, output and error as a pipeline would have them.</summary>
public sealed class StreamTests
{
    public static TheoryData<CellMode> Modes => [CellMode.Root, CellMode.Unprivileged, CellMode.Bare];

    [Theory]
    [MemberData(nameof(Modes))]
    public void AProgramThatReadsLittle_HoldsNobodyUp(CellMode mode)
    {
        var result = Shell("yes | \"$@\"", CellRun.Command(mode, "head", "-n", "2"));
        Assert.Equal((0, "y\ny\n"), (result.Code, result.Output));
        // Nothing at all, of an input that never ends and never comes.
        result = Shell("sleep 1000 | { \"$@\"; kill $(ps -o pid= --ppid $$ | head -n 1) 2>/dev/null; }; true", CellRun.Command(mode, "echo", "x"));
        Assert.Equal("x\n", result.Output);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void AReaderThatLeaves_EndsTheWriter(CellMode mode)
    {
        // As in any pipeline: a broken pipe, which is signal 13.
        var result = Shell("{ \"$@\"; echo $? >&2; } | head -c 1", CellRun.Command(mode, "yes"));
        Assert.Equal("y", result.Output);
        Assert.EndsWith("141\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TheEndOfInput_IsPassedOn_AndSoIsThatOfOutput(CellMode mode)
    {
        using var cell = CellRun.Start(CellRun.Command(mode, "sh", "-c", "read x; echo $x; exec >&-; read y; echo $y >&2"));
        cell.StandardInput.Write("one\n");
        cell.StandardInput.Flush();
        Assert.Equal("one", cell.StandardOutput.ReadLine());
        Assert.Null(cell.StandardOutput.ReadLine());
        cell.StandardInput.Write("two\n");
        cell.StandardInput.Close();
        Assert.EndsWith("two\n", cell.StandardError.ReadToEnd(), StringComparison.Ordinal);
        cell.WaitForExit();
        Assert.Equal(0, cell.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ClosedDescriptors_AreEmptyOnes(CellMode mode)
    {
        Assert.Equal("0\n", Shell("\"$@\" <&-", CellRun.Command(mode, "wc", "-c")).Output);
        Assert.Equal(0, Shell("\"$@\" 2>&-", CellRun.Command(mode, "sh", "-c", "echo x >&2; exit 0")).Code);
        Assert.Equal(0, Shell("\"$@\" >&- 2>&- <&-", CellRun.Command(mode, "true")).Code);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void AFullDisk_IsSaid(CellMode mode)
    {
        var result = Shell("\"$@\" >/dev/full", CellRun.Command(mode, "echo", "x"));
        Assert.Equal(74, result.Code);
        Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
    }

    // What several write to at once, as a log, is added to and not written over.
    [Theory]
    [MemberData(nameof(Modes))]
    public void AFileThatIsAddedTo_IsAddedTo(CellMode mode)
    {
        using var scratch = new Scratch();
        var result = Shell($"echo a >{scratch["log"]}; \"$@\" >>{scratch["log"]} 2>&1; echo c >>{scratch["log"]}", CellRun.Command(mode, "echo", "b"));
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal(["a", "b", "c"], File.ReadAllLines(scratch["log"]).Where(line => line.Length == 1));
    }

    // The descriptors inside are pipes of the cell's: whatever the caller has there, the program can't do to it what it can do to a socket,
    // a terminal, or a file.
    [Theory]
    [MemberData(nameof(Modes))]
    public void ASocketOfTheCaller_IsAPipeInside(CellMode mode)
    {
        string[] command = CellRun.Command(mode, Acts.Program, "send", "0");
        var script = "import socket, subprocess, sys; a, b = socket.socketpair(); print(subprocess.run(sys.argv[1:], stdin=b, capture_output=True).stdout.decode().strip()); a.setblocking(False)\ntry: print(a.recv(9))\nexcept BlockingIOError: print('nothing came')";
        _ = File.Exists("/usr/bin/python3") ? "" : Requirement.Peer("python3");
        var result = Tool.Run("/usr/bin/python3", ["-c", script, .. command]);
        Assert.Equal("1\nnothing came\n", result.Output);
    }

    private static ToolResult Shell(string script, string[] command) => Tool.Run("sh", ["-c", script, "sh", .. command]);
}
