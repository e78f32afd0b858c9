using Postern.Cell.Running;
using Postern.Posix.Processes;

namespace Postern.Cell.Tests.Running;

/// <summary>What the end of a program means.</summary>
public sealed class CellEndTests
{
    private const long Limit = 64L << 20;
    private const long Half = 32 << 10;

    [Theory]
    // Exit codes as they are, whether it had much memory or not.
    [InlineData(0 << 8, 0, "Itself", 0, "")]
    [InlineData(3 << 8, Half - 1, "Itself", 3, "")]
    [InlineData(0 << 8, Half, "Itself", 0, "")]
    [InlineData(3 << 8, Half, "Itself", 3, "it failed with 32 MiB of at most 64 MiB of memory")]
    // Signals; those that failing for want of memory sends.
    [InlineData(15, Half, "Itself", 143, "ended by signal 15")]
    [InlineData(6, Half - 1, "Itself", 134, "ended by signal 6")]
    [InlineData(6, Half, "Memory", 123, "it failed with 32 MiB of at most 64 MiB of memory")]
    [InlineData(11, Half, "Memory", 123, "it failed with 32 MiB of at most 64 MiB of memory")]
    // With a core dump that was asked for.
    [InlineData(0x80 | 11, 0, "Itself", 139, "ended by signal 11")]
    [InlineData(24, 0, "Time", 124, "ended: its processor time was up")]
    [InlineData(31, Half, "Forbidden", 159, "ended: it made a system call that ends a program here")]
    public void AnEnd_HasACauseAndACode(int status, long peak, string cause, int code, string message)
    {
        var end = CellEnd.Of(new ProcessEnd(status), peak, Limit);
        Assert.Equal((cause, code, message), (end.Cause.ToString(), end.Code, end.Message));
    }

    [Fact]
    public void AReport_IsJson_WhateverTheCause()
    {
        foreach (var cause in Enum.GetValues<EndCause>())
        {
            var line = ReportLine.Of(new CellEnd(cause, 1, "\"\\\n"), [], 0, 5, ["files", "namespaces"]);
            Assert.Equal((byte)'\n', line[^1]);
            var report = System.Text.Json.JsonDocument.Parse(line).RootElement;
            Assert.Equal(5, report.GetProperty("milliseconds").GetInt64());
            Assert.Equal(2, report.GetProperty("missing").GetArrayLength());
        }
    }
}
