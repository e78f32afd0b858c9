using System.Globalization;
using Postern.Role.Confining;
using Postern.TestKit.Servers;

namespace Postern.Role.Tests.Confining;

/// <summary>The numbers of the system calls against the kernel's own headers.</summary>
public sealed class CallNumberTests
{
    // 64-bit Arm has the generic numbers; calls that differ between 32 and 64 bits stand there under other names.
    private static readonly Dictionary<string, string> _genericNames = new() { ["newfstatat"] = "fstatat" };

    // Only for machines that ask for them, as Arm does.
    private static readonly string[] _onlyWhenAsked = ["getrlimit"];

    [Fact]
    public void NumbersOfIntel_AreTheKernels() => Compare("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", call => (call.Name, call.Intel));

    [Fact]
    public void NumbersOfArm_AreTheKernels() =>
        Compare("/usr/include/asm-generic/unistd.h", call => (_genericNames.GetValueOrDefault(call.Name, call.Name), call.Arm));

    private static void Compare(string header, Func<SystemCall, (string Name, int Number)> of)
    {
        if (!File.Exists(header))
        {
            Requirement.Skip($"{header} is not there (Debian: linux-libc-dev)");
        }

        var numbers = File.ReadLines(header).Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["#define", _, var value, ..] && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .GroupBy(words => words[1].Replace("__NR3264_", "").Replace("__NR_", ""))
            .ToDictionary(group => group.Key, group => int.Parse(group.First()[2], CultureInfo.InvariantCulture));
        SystemCall[] calls =
        [
            .. CallTable.Living, .. CallTable.Descriptors, .. CallTable.Sockets, .. CallTable.Reading, .. CallTable.Changing, .. CallTable.Hostile,
        ];
        foreach (var (name, number) in calls.Select(of))
        {
            Assert.True(number == numbers.GetValueOrDefault(name, -1) || _onlyWhenAsked.Contains(name), $"{name}: {number}, not {numbers.GetValueOrDefault(name, -1)}");
        }
    }
}
