using Postern.Role.Confining;

namespace Postern.Cell.Walls;

/// <summary>What the filter of a cell depends on.</summary>
/// <param name="Many">True when the program may make processes and execute files.</param>
/// <param name="FilesHeld">True when another wall stands around files; else the filter refuses at least to write any.</param>
/// <param name="Reserves">True when addresses are not limited by the memory: memory that its limit does not count is refused then.</param>
/// <param name="Password">What the one execution that is allowed has in the arguments that execve(2) does not have: 24 bytes.</param>
internal sealed record CellTerms(bool Many, bool FilesHeld, bool Reserves, ReadOnlyMemory<byte> Password);

/// <summary>The rules about system calls in a cell. Unlike those of our own programs they name what is refused: of a foreign program nobody knows what it needs.</summary>
internal static class CellPolicy
{
    /// <summary>Stands in the filter where the program's process id belongs, which nobody knows before there is one.</summary>
    internal const uint OwnProcessMark = 0x6f776e21;

    private const int PasswordArgument = 3;

    // clone(2): none of the namespaces, no tracer.
    private static readonly ArgumentTest _noNamespace = new(0, 0, 0x7e020000 | 0x2000);

    // … and of the same thread group, without a waiting parent.
    private static readonly ArgumentTest _threadOnly = new(0, 0x10000, 0x10000 | 0x7e020000 | 0x6000);

    // fcntl(2): whom a signal goes to and which (F_SETOWN, F_SETSIG, F_SETOWN_EX), leases, notices.
    private static readonly uint[] _descriptorCommands = [8, 10, 15, 1024, 1026];

    // ioctl(2): typing into a terminal (TIOCSTI, TIOCLINUX), owning one, and whom a signal goes to. And what changes a file of the
    // caller's that is open for reading only: its flags, version, verity and encryption, and keys that stay in the file system.
    private static readonly uint[] _deviceCommands =
    [
        0x5412, 0x541c, 0x540e, 0x5452, 0x8901, 0x8902,
        0x40086602, 0x40046602, 0x40087602, 0x40047602, 0x401c5820, 0x40806685, 0x800c6613, 0xc0506617,
    ];

    // prctl(2): outliving the cell (PR_SET_PDEATHSIG), another image of itself (PR_SET_MM), a tracer (PR_SET_PTRACER).
    private static readonly uint[] _processOptions = [1, 35, 0x59616d61];

    /// <summary>Derives them.</summary>
    internal static IReadOnlyList<CallRule> Of(CellTerms terms, Machine machine)
    {
        IEnumerable<SystemCall> refused =
        [
            .. ForeignCalls.Talking, .. ForeignCalls.Changing, .. ForeignCalls.Watching, .. ForeignCalls.Others, .. ForeignCalls.Lasting,
            .. ForeignCalls.Kernel,
        ];
        IEnumerable<CallRule?> rules =
        [
            .. ForeignCalls.Judged.Select(call => Judge(call.Name, machine.NumberOf(call), terms)),
            .. ForeignCalls.NewAndAllowed.Select(call => new CallRule(machine.NumberOf(call), Verdict.Allow)),
            .. refused.Select(call => new CallRule(machine.NumberOf(call), Verdict.Refuse)),
            .. CallTable.Hostile.Where(call => call.Name is not "execve" and not "execveat").Select(call => new CallRule(machine.NumberOf(call), Verdict.Kill)),
        ];
        return [.. rules.OfType<CallRule>().Where(rule => rule.Number >= 0)];
    }

    /// <summary>The rule of one call; null where it is allowed like all that have none.</summary>
    private static CallRule? Judge(string name, int number, CellTerms terms) => name switch
    {
        // A program in a cell has executed once, when it came: who knows the password may, and execution leaves nothing behind to know it.
        "execve" => terms.Many ? null : new CallRule(number, Verdict.Allow, [Password(terms.Password.Span)], Verdict.Refuse),
        "execveat" => new CallRule(number, Verdict.Refuse), // Of a file that has no name, for which Landlock has no word.
        "clone" => new CallRule(number, Verdict.Allow, [[terms.Many ? _noNamespace : _threadOnly]], Verdict.Refuse),
        "clone3" => new CallRule(number, Verdict.Deny), // Its flags are out of a filter's reach; libc goes on with clone.
        "fork" or "vfork" => terms.Many ? null : new CallRule(number, Verdict.Refuse),
        // Many have a namespace of processes, in which there is nobody else to send a signal to.
        "kill" or "tgkill" or "rt_sigqueueinfo" or "rt_tgsigqueueinfo" =>
            terms.Many ? null : new CallRule(number, Verdict.Allow, [[new ArgumentTest(0, OwnProcessMark)]], Verdict.Refuse),
        "prlimit64" or "sched_setaffinity" => new CallRule(number, Verdict.Allow, [[new ArgumentTest(0, 0)]], Verdict.Refuse), // Its own.
        "fcntl" => NoneOf(number, 1, _descriptorCommands),
        "ioctl" => NoneOf(number, 1, _deviceCommands),
        "prctl" => NoneOf(number, 0, _processOptions),
        "open" => terms.FilesHeld ? null : ReadOnly(number, 1),
        "openat" => terms.FilesHeld ? null : ReadOnly(number, 2),
        // Shared memory without a file, and stacks that grow: neither counts as data (RLIMIT_DATA).
        "mmap" => terms.Reserves
            ? new CallRule(number, Verdict.Refuse, [[new ArgumentTest(3, 0x21, 0x21)], [new ArgumentTest(3, 0x100, 0x100)]], Verdict.Allow) : null,
        _ => throw new InvalidOperationException(name),
    };

    private static ArgumentTest[] Password(ReadOnlySpan<byte> password)
    {
        var tests = new ArgumentTest[6];
        for (var i = 0; i < tests.Length; i++)
        {
            tests[i] = new ArgumentTest(PasswordArgument + (i / 2), BitConverter.ToUInt32(password[(4 * i)..]), High: i % 2 == 1);
        }

        return tests;
    }

    // No other access mode, nothing made, emptied or nameless (O_CREAT, O_TRUNC, O_TMPFILE's own bit).
    private static CallRule ReadOnly(int number, int flags) =>
        new(number, Verdict.Allow, [[new ArgumentTest(flags, 0, 3 | 0x40 | 0x200 | 0x400000)]], Verdict.Refuse);

    private static CallRule NoneOf(int number, int argument, uint[] values) =>
        new(number, Verdict.Refuse, [.. values.Select(value => new[] { new ArgumentTest(argument, value) })], Verdict.Allow);
}
