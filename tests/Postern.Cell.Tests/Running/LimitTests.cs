using System.Diagnostics;
using System.Globalization;
using Postern.Cell.Tests.Prison;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>What ends a program that would not end, and how one tells.</summary>
public sealed class LimitTests
{
    public static TheoryData<CellMode> Modes => [CellMode.Root, CellMode.Unprivileged, CellMode.Bare];

    [Theory]
    [EveryMode("spin", "deaf", "flood 1")]
    public void TimeIsUp(CellMode mode, string act)
    {
        // Nobody reads what it floods: it waits, and the clock goes on.
        var command = CellRun.Command(mode, ["--seconds", "1", Acts.Program, .. act.Split(' ')]);
        var result = act == "flood 1" ? Tool.Run("sh", ["-c", "{ \"$@\"; echo $? >&2; } | sleep 4", "sh", .. command]) : null;
        var (code, error) = result is null ? CellRun.Run(command, []) is var plain ? (plain.Code, plain.Error) : default : (int.Parse(result.Error.Trim().Split('\n')[^1], CultureInfo.InvariantCulture), result.Error);
        Assert.Equal(124, code);
        Assert.Contains("time was up", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void MemoryIsRefused(CellMode mode)
    {
        var result = CellRun.Run(mode, "--memory", "64M", Acts.Program, "hog");
        Assert.True(result.Code == 123, result.ToString());
        Assert.Contains("of at most 64 MiB of memory", result.Error, StringComparison.Ordinal);
        // Who notices and says so keeps his own exit code.
        var perl = CellRun.Run(mode, "--memory", "64M", "perl", "-e", "my @all; push @all, 'x' x 1000000 for 1..1000");
        Assert.True(perl.Code is > 0 and not 123, perl.ToString());
        Assert.Contains("of at most 64 MiB of memory", perl.Error, StringComparison.Ordinal);
        // And who has enough does not notice.
        Assert.Equal(0, CellRun.Run(mode, "--memory", "64M", "perl", "-e", "my @all; push @all, 'x' x 1000000 for 1..20").Code);
    }

    [Theory]
    [EveryMode("1", "2")]
    public void OutputIsCounted(CellMode mode, string descriptor)
    {
        var result = CellRun.Run(mode, "--output", "100000", Acts.Program, "flood", descriptor);
        Assert.Equal(122, result.Code);
        // What the cell itself says ends in line ends, what it floods has none.
        var flood = descriptor == "1" ? result.Text : result.Error.Split('\n').Select(line => line.Split("postern-cell:")[0]).Single(line => line.Length > 0);
        Assert.Equal(100_000, flood.Length);
        Assert.Contains($"more than 100000 bytes to standard {(descriptor == "1" ? "output" : "error")}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OutputOfExactlyTheLimit_IsWithinIt(CellMode mode)
    {
        var result = CellRun.Run(CellRun.Command(mode, "--output", "5", "cat"), "12345"u8.ToArray());
        Assert.Equal((0, "12345"), (result.Code, result.Text));
        Assert.Equal(122, CellRun.Run(CellRun.Command(mode, "--output", "5", "cat"), "123456"u8.ToArray()).Code);
        Assert.Equal(122, CellRun.Run(CellRun.Command(mode, "--output", "0", "cat"), "1"u8.ToArray()).Code);
    }

    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void ProcessesAreCounted(CellMode mode)
    {
        Assert.Equal(1, int.Parse(CellRun.Run(mode, "--processes", "1", Acts.Program, "fork-bomb").Text, CultureInfo.InvariantCulture));
        Assert.Equal(20, int.Parse(CellRun.Run(mode, "--processes", "20", Acts.Program, "fork-bomb").Text, CultureInfo.InvariantCulture));
    }

    // Several cells of one user at once do not count against each other.
    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void ProcessesOfAnotherCell_DoNotCount(CellMode mode)
    {
        using var other = CellRun.Start(CellRun.Command(mode, "--processes", "20", Acts.Program, "deaf"));
        Assert.Equal("deaf", other.StandardOutput.ReadLine());
        Assert.Equal(20, int.Parse(CellRun.Run(mode, "--processes", "20", Acts.Program, "fork-bomb").Text, CultureInfo.InvariantCulture));
        other.Kill();
        other.WaitForExit();
    }

    [Theory]
    [EveryMode("exit 7", "exit 0", "exit 124")]
    public void TheExitStatus_IsTheProgramsOwn(CellMode mode, string script)
    {
        var result = CellRun.Run(mode, "sh", "-c", script);
        Assert.Equal(script["exit ".Length..], result.Code.ToString(CultureInfo.InvariantCulture));
        Assert.DoesNotContain("ended", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    // Those that the first process of a namespace would not take from itself, and what a crash sends.
    [EveryMode("15", "1", "6", "11", "9", "13")]
    public void ASignalOfItsOwn_EndsIt(CellMode mode, string signal)
    {
        var result = CellRun.Run(mode, Acts.Program, "crash", signal);
        Assert.Equal(128 + int.Parse(signal, CultureInfo.InvariantCulture), result.Code);
        Assert.Contains($"ended by signal {signal}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TheReport_IsALineOfJson(CellMode mode)
    {
        var command = CellRun.Command(mode, "--report", "3", "--output", "1000", "--seconds", "30", "sh", "-c", "read x; echo $x; echo bad >&2; exit 4");
        var result = CellRun.Run(["sh", "-c", "exec 3>&1 >/dev/null; exec \"$@\"", "sh", .. command], "hello\nrest"u8.ToArray());
        var report = System.Text.Json.JsonDocument.Parse(result.Text).RootElement;
        Assert.Equal("itself", report.GetProperty("cause").GetString());
        Assert.Equal(4, report.GetProperty("code").GetInt32());
        Assert.Equal(6, report.GetProperty("output").GetInt32());
        Assert.Equal(4, report.GetProperty("error").GetInt32());
        Assert.Equal(mode == CellMode.Bare ? ["namespaces"] : [], report.GetProperty("missing").EnumerateArray().Select(one => one.GetString()));
        Assert.True(report.GetProperty("peak_kib").GetInt64() > 0);
        Assert.Equal(64, CellRun.Run(mode, "--report", "77", "true").Code);
    }

    [Theory]
    [EveryMode("TERM", "INT", "KILL", "HUP")]
    public void WhenTheCellIsEnded_TheProgramIs(CellMode mode, string signal)
    {
        var mark = $"mark-{Guid.NewGuid():N}";
        using var cell = CellRun.Start(CellRun.Command(mode, Acts.Program, "deaf", mark));
        Assert.Equal("deaf", cell.StandardOutput.ReadLine());
        Assert.NotEmpty(Processes.With(Acts.Program, mark));
        Tool.Run("kill", ["-" + signal, cell.Id.ToString(CultureInfo.InvariantCulture)]).MustSucceed();
        cell.WaitForExit();
        Patience.Until(() => Processes.With(Acts.Program, mark).Count == 0, () => "the program lives on");
    }

    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void WhatItLeavesBehind_IsEndedWithIt(CellMode mode)
    {
        var mark = $"mark-{Guid.NewGuid():N}";
        var result = CellRun.Run(mode, "--processes", "10", Acts.Program, "daemon", mark);
        Assert.Equal((0, "left one behind"), (result.Code, result.Text));
        Assert.Empty(Processes.With(Acts.Program, mark));
        // And when its time is up as well.
        result = CellRun.Run(mode, "--seconds", "1", "--processes", "10", "--read", Acts.Program, "sh", "-c", $"{Acts.Program} deaf {mark} & {Acts.Program} deaf {mark}");
        Assert.Equal(124, result.Code);
        Assert.Empty(Processes.With(Acts.Program, mark));
    }
}
