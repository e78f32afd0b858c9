using Postern.Posix.Confining;

namespace Postern.Role.Confining;

/// <summary>Turns rules about system calls into a program of classic BPF.</summary>
/// <remarks>
/// One rule after another, in the order in which they are given, each with its own verdicts: as plain as can be, since it
/// is what everything else here rests on. Kernels from 5.11 on remember which calls are allowed whatever their arguments,
/// and do not run the program for those at all.
/// </remarks>
internal static class FilterAssembler
{
    // struct seccomp_data: the number, the architecture, where the call came from, six arguments.
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint ArgumentsAt = 16;

    // Calls of the other convention of x86-64 have this bit; without this guard they would pass by other numbers.
    private const uint OtherConvention = 0x40000000;

    // −1 is no call: a tracer (strace, in tests of failing calls) puts it in the place of one that is to be left out.
    private const uint NoCall = uint.MaxValue;

    // From here on the numbers are the same everywhere, and libc takes ENOSYS for an older kernel.
    private const uint FirstOfNewCalls = 424;

    /// <summary>Assembles a filter that refuses what no rule names.</summary>
    internal static FilterInstruction[] Assemble(Machine machine, IEnumerable<CallRule> rules) => Assemble(machine, rules, Verdict.Refuse);

    /// <summary>Assembles a filter with a verdict for the calls that no rule names; new ones, whatever they are, are denied.</summary>
    internal static FilterInstruction[] Assemble(Machine machine, IEnumerable<CallRule> rules, uint otherwise) =>
    [
        .. Guards(machine),
        .. rules.SelectMany(Lines),
        new(FilterInstruction.JumpIfAtLeast, 0, 1, FirstOfNewCalls),
        Return(Verdict.Deny),
        Return(otherwise),
    ];

    /// <summary>Assembles one that allows what no rule names; for tests that take single calls away.</summary>
    internal static FilterInstruction[] Open(Machine machine, IEnumerable<CallRule> rules) =>
        [.. Guards(machine), .. rules.SelectMany(Lines), Return(Verdict.Allow)];

    private static FilterInstruction[] Guards(Machine machine) =>
    [
        new(FilterInstruction.Load, 0, 0, ArchitectureAt),
        new(FilterInstruction.JumpIfEqual, 1, 0, machine.Architecture),
        Return(Verdict.Kill),
        new(FilterInstruction.Load, 0, 0, NumberAt),
        new(FilterInstruction.JumpIfEqual, 0, 1, NoCall),
        Return(Verdict.Allow),
        new(FilterInstruction.JumpIfAtLeast, 0, 1, OtherConvention),
        Return(Verdict.Kill),
    ];

    private static IEnumerable<FilterInstruction> Lines(CallRule rule)
    {
        var body = Body(rule);
        return body.Prepend(new FilterInstruction(FilterInstruction.JumpIfEqual, 0, (byte)body.Count, (uint)rule.Number));
    }

    // Each case falls through to its verdict, or jumps to the next case at its first test that fails.
    private static List<FilterInstruction> Body(CallRule rule)
    {
        List<FilterInstruction> body = [];
        foreach (var tests in rule.Cases)
        {
            for (var i = 0; i < tests.Length; i++)
            {
                var at = ArgumentsAt + (8 * (uint)tests[i].Argument) + (tests[i].High ? 4u : 0u);
                body.Add(new FilterInstruction(FilterInstruction.Load, 0, 0, at));
                body.Add(new FilterInstruction(FilterInstruction.And, 0, 0, tests[i].Mask));
                var next = (byte)((3 * (tests.Length - 1 - i)) + 1);
                body.Add(new FilterInstruction(FilterInstruction.JumpIfEqual, tests[i].Differs ? next : (byte)0, tests[i].Differs ? (byte)0 : next, tests[i].Value));
            }

            body.Add(Return(rule.Verdict));
        }

        body.Add(Return(rule.Otherwise));
        return body;
    }

    private static FilterInstruction Return(uint verdict) => new(FilterInstruction.Return, 0, 0, verdict);
}
