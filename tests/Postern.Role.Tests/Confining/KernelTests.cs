using System.Globalization;
using System.Runtime.InteropServices;
using Postern.Prisoner;
using Postern.Role.Confining;
using Postern.TestKit.Servers;

namespace Postern.Role.Tests.Confining;

/// <summary>What the filter says, the kernel does: a child adopts a declaration and makes the calls that it may not make (attack N6).</summary>
public sealed class KernelTests
{
    private const int Numbers = 480;

    // uretprobe and uprobe of x86-64: newer kernels let them pass every filter, and themselves refuse who is not a probe's trampoline.
    private static readonly int[] _passTheFilter = Machine.Own == Machine.Intel ? [335, 336] : [];

    // A shell's way to say that a signal ended it: SIGSYS.
    private const int EndedBySigsys = 128 + 31;

    public static TheoryData<string> Names => [.. Declarations.Each.Keys];

    public static TheoryData<string> Deadly => [.. CallTable.Hostile.Where(call => Machine.Own!.NumberOf(call) >= 0).Select(call => call.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryRefusedCall_FailsWithTheErrnoOfTheVerdict(string declaration)
    {
        var machine = Machine.Own!;
        var program = FilterAssembler.Assemble(machine, CallPolicy.Of(Declarations.Each[declaration], machine, Expected.Pid));
        var verdicts = Enumerable.Range(0, Numbers).Except(_passTheFilter)
            .Select(number => (Number: number, Verdict: ClassicFilter.Run(program, machine.Architecture, number, new ulong[6])))
            .Where(one => one.Verdict is Verdict.Refuse or Verdict.Deny).ToList();
        Assert.NotEmpty(verdicts);

        var child = Child(["try", declaration, .. verdicts.Select(one => Text(one.Number))]);
        Assert.Equal(0, child.Code);
        Assert.Equal(verdicts.Select(one => (int)(one.Verdict & 0xffff)), MemoryMarshal.Cast<byte, int>(child.Output).ToArray());
    }

    [Theory]
    [MemberData(nameof(Deadly))]
    public void ADeadlyCall_EndsTheProcess(string call)
    {
        var number = Machine.Own!.NumberOf(CallTable.Hostile.Single(one => one.Name == call));
        Assert.Equal(EndedBySigsys, Child(["try", "nothing", Text(number)]).Code);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static (int Code, byte[] Output) Child(IEnumerable<string> arguments)
    {
        var path = Path.GetTempFileName();
        try
        {
            // Through a shell: what the child writes is no text.
            var result = Tool.Run("/bin/sh", ["-c", "\"$@\" >\"$0\"", path, PrisonerProgram.Path, .. arguments]);
            return (result.Code, File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
