using Postern.Cell.Walls;
using Postern.Posix.Confining;
using Postern.Role.Confining;
using Postern.Role.Tests.Confining;

namespace Postern.Cell.Tests.Walls;

/// <summary>The filter of a cell, run over system calls on both machines.</summary>
public sealed class CellPolicyTests
{
    private static readonly byte[] _password = [.. Enumerable.Range(1, 24).Select(one => (byte)(one * 9))];

    public static TheoryData<bool> Machines => [false, true];

    // What every program does: a filter that refused one of these would be no use.
    [Theory]
    [MemberData(nameof(Machines))]
    public void OrdinaryCalls_AreAllowed(bool arm)
    {
        var machine = Of(arm);
        SystemCall[] calls =
        [
            .. CallTable.Living.Where(call => call.Name is not ("clone" or "clone3" or "tgkill" or "prlimit64")), .. CallTable.Descriptors,
            .. CallTable.Reading.Where(call => call.Name is not "openat2"), .. ForeignCalls.NewAndAllowed,
        ];
        foreach (var call in calls.Where(call => machine.NumberOf(call) >= 0))
        {
            Assert.True(Verdict.Allow == Run(Strict, machine, machine.NumberOf(call)), call.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void WhatIsForOthers_IsRefused_WhateverItsArguments(bool arm)
    {
        var machine = Of(arm);
        SystemCall[] calls =
        [
            .. ForeignCalls.Talking, .. ForeignCalls.Changing, .. ForeignCalls.Watching, .. ForeignCalls.Others, .. ForeignCalls.Lasting, .. ForeignCalls.Kernel,
        ];
        foreach (var call in calls.Where(call => machine.NumberOf(call) >= 0))
        {
            foreach (var terms in new[] { Strict, Loose })
            {
                Assert.True(Verdict.Refuse == Run(terms, machine, machine.NumberOf(call)), call.Name);
                Assert.True(Verdict.Refuse == Run(terms, machine, machine.NumberOf(call), 1, 2, 3, 4, 5, 6), call.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void WhatNoFilterDoes_EndsIt(bool arm)
    {
        var machine = Of(arm);
        foreach (var call in CallTable.Hostile.Where(call => machine.NumberOf(call) >= 0 && call.Name is not ("execve" or "execveat")))
        {
            Assert.True(Verdict.Kill == Run(Loose, machine, machine.NumberOf(call)), call.Name);
        }
    }

    // Calls that we have never heard of, and the newest that we have.
    [Theory]
    [MemberData(nameof(Machines))]
    public void NewCalls_AreNotThere(bool arm)
    {
        var known = ForeignCalls.NewAndAllowed.Concat(CallTable.Hostile).Select(call => Of(arm).NumberOf(call)).ToHashSet();
        for (var number = 424; number < 700; number++)
        {
            Assert.True(known.Contains(number) || Run(Loose, Of(arm), number) == Verdict.Deny, $"{number}");
        }
    }

    [Fact]
    public void CallsByAnotherConvention_EndIt()
    {
        var program = Assemble(Loose, Machine.Intel);
        Assert.Equal(Verdict.Kill, ClassicFilter.Run(program, 0x40000003, 0, new ulong[6]));
        Assert.Equal(Verdict.Kill, ClassicFilter.Run(program, Machine.Intel.Architecture, 0x40000000, new ulong[6]));
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void OneExecution_NeedsThePassword(bool arm)
    {
        var machine = Of(arm);
        var number = Number("execve", machine);
        ulong[] right = [1, 2, 3, BitConverter.ToUInt64(_password), BitConverter.ToUInt64(_password, 8), BitConverter.ToUInt64(_password, 16)];
        Assert.Equal(Verdict.Allow, Run(Strict, machine, number, right));
        for (var bit = 0; bit < 192; bit++)
        {
            var wrong = right.ToArray();
            wrong[3 + (bit / 64)] ^= 1UL << (bit % 64);
            Assert.Equal(Verdict.Refuse, Run(Strict, machine, number, wrong));
        }

        Assert.Equal(Verdict.Refuse, Run(Strict, machine, number));
        Assert.Equal(Verdict.Allow, Run(Loose, machine, number));
        Assert.Equal(Verdict.Refuse, Run(Loose, machine, Number("execveat", machine)));
    }

    [Theory]
    // A thread as glibc makes it, one more flag that is harmless; a process; what vfork and posix_spawn do; nothing.
    [InlineData(0x3d0f00, true, true)]
    [InlineData(0x7d0f00, true, true)]
    [InlineData(0x1200011, false, true)]
    [InlineData(0x4111, false, true)]
    [InlineData(0, false, true)]
    // A namespace of each kind, a tracer.
    [InlineData(0x20011, false, false)]
    [InlineData(0x02000011, false, false)]
    [InlineData(0x04000011, false, false)]
    [InlineData(0x08000011, false, false)]
    [InlineData(0x10000011, false, false)]
    [InlineData(0x20000011, false, false)]
    [InlineData(0x40000011, false, false)]
    [InlineData(0x2011, false, false)]
    [InlineData(0x103d0f00, false, false)]
    public void ClonesAreThreads_OrProcessesWhereTheyMayBe(ulong flags, bool alone, bool many)
    {
        foreach (var machine in new[] { Machine.Intel, Machine.Arm })
        {
            Assert.Equal(alone ? Verdict.Allow : Verdict.Refuse, Run(Strict, machine, Number("clone", machine), flags));
            Assert.Equal(many ? Verdict.Allow : Verdict.Refuse, Run(Loose, machine, Number("clone", machine), flags));
            Assert.Equal(Verdict.Deny, Run(Loose, machine, 435, flags));
        }
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("tgkill")]
    [InlineData("rt_sigqueueinfo")]
    [InlineData("rt_tgsigqueueinfo")]
    public void SignalsGoToItself_OrIntoItsOwnNamespace(string call)
    {
        foreach (var machine in new[] { Machine.Intel, Machine.Arm })
        {
            var number = Number(call, machine);
            Assert.Equal(Verdict.Allow, Run(Strict, machine, number, CellPolicy.OwnProcessMark, 9));
            foreach (var other in new ulong[] { 0, 1, uint.MaxValue, ulong.MaxValue, CellPolicy.OwnProcessMark + 1 })
            {
                Assert.Equal(Verdict.Refuse, Run(Strict, machine, number, other, 9));
                Assert.Equal(Verdict.Allow, Run(Loose, machine, number, other, 9));
            }
        }
    }

    [Theory]
    // Signals sent by way of descriptors, leases, notices; typing into terminals; outliving; the limits and processors of others.
    [InlineData("fcntl", 1, 8)]
    [InlineData("fcntl", 1, 10)]
    [InlineData("fcntl", 1, 15)]
    [InlineData("fcntl", 1, 1024)]
    [InlineData("fcntl", 1, 1026)]
    [InlineData("ioctl", 1, 0x5412)]
    [InlineData("ioctl", 1, 0x541c)]
    [InlineData("ioctl", 1, 0x540e)]
    [InlineData("ioctl", 1, 0x5452)]
    [InlineData("ioctl", 1, 0x8901)]
    [InlineData("ioctl", 1, 0x8902)]
    [InlineData("prctl", 0, 1)]
    [InlineData("prctl", 0, 35)]
    [InlineData("prctl", 0, 0x59616d61)]
    [InlineData("prlimit64", 0, 1)]
    [InlineData("sched_setaffinity", 0, 1)]
    public void SomeArguments_AreRefused_AndOthersNot(string call, int argument, ulong value)
    {
        foreach (var machine in new[] { Machine.Intel, Machine.Arm })
        {
            var arguments = new ulong[6];
            Assert.Equal(Verdict.Allow, Run(Strict, machine, Number(call, machine), arguments));
            arguments[argument] = value;
            Assert.Equal(Verdict.Refuse, Run(Strict, machine, Number(call, machine), arguments));
            // The kernel looks at 32 bits of it: the upper half must not lead around the rule.
            arguments[argument] |= 1UL << 32;
            Assert.Equal(Verdict.Refuse, Run(Strict, machine, Number(call, machine), arguments));
        }
    }

    [Theory]
    // Writing, reading and writing, making, emptying, nameless files; and reading, of a folder, too.
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0x40, false)]
    [InlineData(0x200, false)]
    [InlineData(0x410000, false)]
    [InlineData(0, true)]
    [InlineData(0x90000, true)]
    public void WithoutAnotherWall_FilesAreNotOpenedForWriting(ulong flags, bool allowed)
    {
        var naked = Strict with { FilesHeld = false };
        Assert.Equal(allowed ? Verdict.Allow : Verdict.Refuse, Run(naked, Machine.Intel, 2, 0, flags));
        Assert.Equal(allowed ? Verdict.Allow : Verdict.Refuse, Run(naked, Machine.Intel, 257, 0, 0, flags));
        Assert.Equal(Verdict.Allow, Run(Strict, Machine.Intel, 257, 0, 0, flags));
    }

    [Theory]
    // Private and shared memory, with a file and without; a stack that grows.
    [InlineData(0x22, true)]
    [InlineData(0x02, true)]
    [InlineData(0x01, true)]
    [InlineData(0x21, false)]
    [InlineData(0x23, false)]
    [InlineData(0x122, false)]
    public void WhereAddressesAreNotCounted_AllMemoryIsCountedAsData(ulong flags, bool allowed)
    {
        var reserving = Strict with { Reserves = true };
        Assert.Equal(allowed ? Verdict.Allow : Verdict.Refuse, Run(reserving, Machine.Intel, 9, 0, 0, 3, flags));
        Assert.Equal(Verdict.Allow, Run(Strict, Machine.Intel, 9, 0, 0, 3, flags));
    }

    [Fact]
    public void EveryFilter_IsOneThatTheKernelLoads()
    {
        foreach (var program in new[] { Assemble(Strict, Machine.Intel), Assemble(Loose, Machine.Intel), Assemble(Strict, Machine.Arm), Assemble(Loose, Machine.Arm) })
        {
            Assert.InRange(program.Length, 1, 4096);
            Assert.Equal(FilterInstruction.Return, program[^1].Code);
            Assert.All(Enumerable.Range(0, program.Length), at => Assert.True(
                program[at].Code == FilterInstruction.Return || at + 1 + Math.Max(program[at].JumpTrue, program[at].JumpFalse) < program.Length));
        }
    }

    private static CellTerms Strict => new(Many: false, FilesHeld: true, Reserves: false, _password);

    private static CellTerms Loose => new(Many: true, FilesHeld: true, Reserves: false, _password);

    private static Machine Of(bool arm) => arm ? Machine.Arm : Machine.Intel;

    private static int Number(string call, Machine machine) => machine.NumberOf(ForeignCalls.Judged.Single(one => one.Name == call));

    private static FilterInstruction[] Assemble(CellTerms terms, Machine machine) =>
        FilterAssembler.Assemble(machine, CellPolicy.Of(terms, machine), Verdict.Allow);

    private static uint Run(CellTerms terms, Machine machine, int number, params ulong[] arguments) =>
        ClassicFilter.Run(Assemble(terms, machine), machine.Architecture, number, [.. arguments, .. new ulong[6 - arguments.Length]]);
}
