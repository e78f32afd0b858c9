using System.Globalization;
using Postern.Cell.Walls;
using Postern.Role.Confining;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Walls;

/// <summary>The numbers of the system calls against the kernel's own headers.</summary>
public sealed class ForeignCallTests
{
    private static readonly SystemCall[] _refused =
    [
        .. ForeignCalls.Talking, .. ForeignCalls.Changing, .. ForeignCalls.Watching, .. ForeignCalls.Others, .. ForeignCalls.Lasting, .. ForeignCalls.Kernel,
        .. ForeignCalls.NewAndAllowed, .. ForeignCalls.Judged,
    ];

    // Numbers that 64-bit Arm leaves free.
    private static readonly string[] _onlyByName = ["nfsservctl"];

    [Fact]
    public void NumbersOfIntel_AreTheKernels() => Compare("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", call => call.Intel);

    [Fact]
    public void NumbersOfArm_AreTheKernels() => Compare("/usr/include/asm-generic/unistd.h", call => call.Arm);

    [Fact]
    public void NoCall_StandsInTwoTables() => Assert.Empty(
        _refused.Concat(CallTable.Hostile.Where(call => call.Name is not ("execve" or "execveat"))).GroupBy(call => call.Name).Where(group => group.Count() > 1).Select(group => group.Key));

    private static void Compare(string header, Func<SystemCall, int> of)
    {
        if (!File.Exists(header))
        {
            Requirement.Skip($"{header} is not there (Debian: linux-libc-dev)");
        }

        var numbers = File.ReadLines(header).Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["#define", _, var value, ..] && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .GroupBy(words => words[1].Replace("__NR3264_", "", StringComparison.Ordinal).Replace("__NR_", "", StringComparison.Ordinal))
            .ToDictionary(group => group.Key, group => int.Parse(group.First()[2], CultureInfo.InvariantCulture));
        foreach (var call in _refused.Concat(StepCalls.All).Where(call => !_onlyByName.Contains(call.Name)))
        {
            Assert.True(of(call) == numbers.GetValueOrDefault(call.Name, -1), $"{call.Name}: {of(call)}, not {numbers.GetValueOrDefault(call.Name, -1)}");
        }
    }
}
