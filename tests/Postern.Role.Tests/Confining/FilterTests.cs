using System.Reflection;
using Postern.Posix.Confining;
using Postern.Prisoner;
using Postern.Role.Confining;

namespace Postern.Role.Tests.Confining;

/// <summary>The filter of each declaration, run over every system call with every kind of argument, on both machines (attack N6).</summary>
public sealed class FilterTests
{
    private const int Numbers = 700;

    // Flags, families, types, commands, protections and the like that mean something somewhere, and halves of numbers.
    private static readonly ulong[] _values =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 15, 16, 17, 24, 37, 38, 0x40, 0x200, 0x241, 0x4040, 0x20004040, 0x400000, 0x410000, 0x80000, 0x80001, 0x80801, 0x80802,
        0x5401, 0x5412, 1030, 1033, 0x10000, 0x3d0f00, 0x7d0f00, 0x10011, 0x1200011, 0x30010000, 0x14000, 0x12000, 0x53564d41, Expected.Pid, Expected.Pid + 1,
        uint.MaxValue, 1UL << 32, (1UL << 32) | 3, (1UL << 32) | Expected.Pid, ulong.MaxValue,
    ];

    private static readonly SystemCall[] _calls =
    [
        .. CallTable.Living, .. CallTable.Descriptors, .. CallTable.Sockets, .. CallTable.Reading, .. CallTable.Changing, .. CallTable.Hostile,
    ];

    public static TheoryData<string> Names => [.. Declarations.Each.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryCall_GetsTheVerdictOfTheDeclaration(string declaration)
    {
        var may = Declarations.Each[declaration];
        foreach (var machine in new[] { Machine.Intel, Machine.Arm })
        {
            var program = Assemble(may, machine);
            var names = _calls.Where(call => machine.NumberOf(call) >= 0).ToDictionary(machine.NumberOf, call => call.Name);
            for (var number = 0; number < Numbers; number++)
            {
                var name = names.GetValueOrDefault(number);
                foreach (var arguments in name is null ? [new ulong[6]] : Cases())
                {
                    var verdict = ClassicFilter.Run(program, machine.Architecture, number, arguments);
                    if (verdict != Expected.Of(number, name, arguments, may))
                    {
                        Assert.Fail($"{name ?? "a call"} ({number}) with {string.Join(' ', arguments.Select(one => one.ToString("x")))}: {verdict:x}");
                    }
                }
            }
        }
    }

    [Theory]
    // The other machine; 32-bit x86; nonsense.
    [InlineData(0xc00000b7)]
    [InlineData(0x40000003)]
    [InlineData(0u)]
    public void ACallOfAnotherArchitecture_EndsTheProcess(uint architecture) =>
        Assert.Equal(Verdict.Kill, ClassicFilter.Run(Assemble(Declaration.Nothing, Machine.Intel), architecture, 0, new ulong[6]));

    [Theory]
    // read and execve by the convention x32, and the ends of that range.
    [InlineData(0x40000000)]
    [InlineData(0x40000208)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-2)]
    public void ACallByTheOtherConvention_EndsTheProcess(int number) =>
        Assert.Equal(Verdict.Kill, ClassicFilter.Run(Assemble(Declaration.Nothing, Machine.Intel), Machine.Intel.Architecture, number, new ulong[6]));

    [Fact]
    public void NoCallAtAll_IsAllowed_SoThatATracerCanLeaveOneOut() =>
        Assert.Equal(Verdict.Allow, ClassicFilter.Run(Assemble(Declaration.Nothing, Machine.Intel), Machine.Intel.Architecture, -1, new ulong[6]));

    [Fact]
    public void EveryFilter_IsOneThatTheKernelLoads()
    {
        foreach (var program in Declarations.Each.Values.SelectMany(may => new[] { Assemble(may, Machine.Intel), Assemble(may, Machine.Arm) }))
        {
            Assert.InRange(program.Length, 1, 4096);
            for (var at = 0; at < program.Length; at++)
            {
                Assert.True(at + 1 + program[at].JumpTrue < program.Length || program[at].Code == FilterInstruction.Return);
                Assert.True(at + 1 + program[at].JumpFalse < program.Length || program[at].Code == FilterInstruction.Return);
            }

            Assert.Equal(FilterInstruction.Return, program[^1].Code);
        }
    }

    [Fact]
    public void NoCall_StandsInTwoTables()
    {
        Assert.Equal(_calls.Length, _calls.Select(call => call.Name).Distinct().Count());
        foreach (var machine in new[] { Machine.Intel, Machine.Arm })
        {
            var numbers = _calls.Select(machine.NumberOf).Where(number => number >= 0).ToList();
            Assert.Equal(numbers.Count, numbers.Distinct().Count());
        }
    }

    [Theory]
    // shutdown(2): a listening socket of posternd's, in each direction; where the log goes.
    [InlineData("shutdown", 48, 210, 9, 0, false)]
    [InlineData("shutdown", 48, 210, 9, 2, false)]
    [InlineData("shutdown", 48, 210, 9, 1, true)]
    [InlineData("shutdown", 48, 210, 1, 1, false)]
    [InlineData("shutdown", 48, 210, 2, 1, false)]
    // fcntl(2), F_SETFL: a listening socket that waits, for all who have it.
    [InlineData("fcntl", 72, 25, 9, 4, false)]
    // Another channel with the control socket's number: F_DUPFD, F_DUPFD_CLOEXEC, and all that makes room for it.
    [InlineData("fcntl", 72, 25, 9, 0, false)]
    [InlineData("fcntl", 72, 25, 9, 1030, false)]
    [InlineData("dup", 32, 23, 9, 0, false)]
    [InlineData("dup2", 33, -1, 9, 3, false)]
    [InlineData("dup3", 292, 24, 9, 3, false)]
    [InlineData("close_range", 436, 436, 3, 3, false)]
    [InlineData("close", 3, 57, 2, 0, false)]
    [InlineData("close", 3, 57, 3, 0, false)]
    [InlineData("close", 3, 57, 4, 0, true)]
    // A log that is a file.
    [InlineData("lseek", 8, 62, 2, 0, false)]
    [InlineData("pwrite64", 18, 68, 2, 0, false)]
    [InlineData("ftruncate", 77, 46, 2, 0, false)]
    [InlineData("fallocate", 285, 47, 2, 0, false)]
    public void WhatAProgramSharesWithOthers_ItLeavesAsItIs(string call, int intel, int arm, uint first, uint second, bool allowed)
    {
        foreach (var (name, may) in Declarations.Each)
        {
            foreach (var (machine, number) in new[] { (Machine.Intel, intel), (Machine.Arm, arm) })
            {
                var verdict = ClassicFilter.Run(Assemble(may, machine), machine.Architecture, number, [first, second, 0, 0, 0, 0]);
                Assert.True(number < 0 || allowed == (verdict == Verdict.Allow), $"{name}: {call}({first}, {second})");
            }
        }
    }

    /// <summary>What a program declares stands in a file of its own, which is compiled in here: none is left out.</summary>
    [Fact]
    public void EveryProgram_IsAmongTheDeclarations()
    {
        var all = typeof(FilterTests).Assembly.GetTypes().Where(type => type.Namespace != "Postern.Prisoner" && type.Name.EndsWith("Declaration", StringComparison.Ordinal))
            .Select(type => type.GetField("Own", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)).ToList();
        Assert.Equal(11, all.Count);
        Assert.All(all, one => Assert.Contains(one, Declarations.Each.Values));
    }

    private static FilterInstruction[] Assemble(Declaration may, Machine machine) => FilterAssembler.Assemble(machine, CallPolicy.Of(may, machine, Expected.Pid));

    /// <summary>Each argument with each value, the others zero; then mixtures.</summary>
    private static IEnumerable<ulong[]> Cases()
    {
        for (var at = 0; at < 6; at++)
        {
            foreach (var value in _values)
            {
                var arguments = new ulong[6];
                arguments[at] = value;
                yield return arguments;
            }
        }

        var step = 1;
        for (var i = 0; i < 300; i++, step += 7)
        {
            yield return [.. Enumerable.Range(0, 6).Select(at => _values[step * (at + 3) * (i + 1 + at) % _values.Length])];
        }

        // Sockets: three arguments that belong together.
        foreach (var family in new ulong[] { 0, 1, 2, 10, 16, 17, 38 })
        {
            foreach (var type in new ulong[] { 1, 2, 3, 5, 0x80801, 0x80802, 0x80803 })
            {
                yield return [family, type, 0, 0, 0, 0];
                yield return [family, type, 6, 0, 0, 0];
            }
        }

        // Descriptors, and what is done to them.
        for (var descriptor = 0UL; descriptor < 8; descriptor++)
        {
            foreach (var what in new ulong[] { 0, 1, 2, 3, 4, 37, 1030 })
            {
                yield return [descriptor, what, 0, 0, 0, 0];
            }
        }
    }
}
