using Postern.Posix.Sockets;

namespace Postern.Role.Confining;

/// <summary>The rules about system calls that follow from a declaration.</summary>
internal static class CallPolicy
{
    // mmap(2), mprotect(2): argument 2, PROT_EXEC.
    private static readonly ArgumentTest _notExecutable = new(2, 0, 4);

    // clone(2): of the same thread group and without a namespace of its own, without a tracer or a waiting parent.
    private static readonly ArgumentTest _threadOnly = new(0, 0x10000, 0x10000 | 0x7e020000 | 0x6000);

    // prctl(2): names of threads and of memory, which the runtime and libc set.
    private static readonly uint[] _processOptions = [15, 16, 0x53564d41];

    // fcntl(2): whether a descriptor is closed on execution, which flags it has, locks. No duplicates, by which another channel
    // could get the control socket's number; and no other flags (F_SETFL): a listening socket that waits would wait for all who have it.
    private static readonly uint[] _descriptorCommands = [1, 2, 3, 6, 37];

    // shutdown(2): SHUT_WR.
    private const uint SendingEnds = 1;

    // No descriptor of these: standard input, output and error, which all programs share and which lead the log, and the control socket.
    private static readonly ArgumentTest _ofItsOwn = new(0, 0, ~3u, Differs: true);
    private const uint LevelSocket = 1;
    private const uint LevelTcp = 6;

    // No flags but these: with MSG_FASTOPEN a packet would connect a TCP socket that it names an address for.
    private const uint SendingFlags = PacketSocket.SendingFlags;

    private const uint FamilyUnix = 1;
    private const uint Stream = 1;

    // Packets with descriptors go over the control socket alone, unless a program hands sockets to another. Who does not take
    // them in this way gets none: the kernel drops what comes with bytes that are read without asking for it.
    private const uint ControlSocket = Ipc.Control.ControlPacket.Socket;

    /// <summary>Derives them.</summary>
    /// <param name="declaration">What the program may do.</param>
    /// <param name="machine">Where it runs.</param>
    /// <param name="process">Its own process id: it may send itself signals, and nobody else.</param>
    internal static IReadOnlyList<CallRule> Of(Declaration declaration, Machine machine, uint process)
    {
        IEnumerable<SystemCall> allowed = [.. CallTable.Living, .. CallTable.Descriptors, .. CallTable.Sockets];
        if (declaration.Files != FileUse.None)
        {
            allowed = allowed.Concat(CallTable.Reading);
        }

        if (declaration.Files.HasFlag(FileUse.Change))
        {
            allowed = allowed.Concat(CallTable.Changing);
        }

        IEnumerable<CallRule?> rules = allowed.Select(call => For(call.Name, machine.NumberOf(call), declaration, process));
        return
        [
            .. rules.OfType<CallRule>().Where(rule => rule.Number >= 0),
            .. CallTable.Hostile.Select(machine.NumberOf).Where(number => number >= 0).Select(number => new CallRule(number, Verdict.Kill)),
        ];
    }

    /// <summary>The rule of one call; null where it is refused like all that have none.</summary>
    private static CallRule? For(string name, int number, Declaration declaration, uint process) => name switch
    {
        "mmap" or "mprotect" => When(number, [_notExecutable]),
        "clone" => When(number, [_threadOnly]),
        "clone3" => new CallRule(number, Verdict.Deny), // Its flags are out of a filter's reach; libc goes on with clone.
        "tgkill" => When(number, [new ArgumentTest(0, process)]),
        "prctl" => OneOf(number, 0, _processOptions),
        "prlimit64" => When(number, [new ArgumentTest(2, 0), new ArgumentTest(2, 0, High: true)]), // Reads, sets nothing.
        "fcntl" => OneOf(number, 1, _descriptorCommands),
        // A channel that got the control socket's number would carry descriptors.
        // And a log that is a file could be written over, or cut short.
        "close" or "lseek" or "pwrite64" or "ftruncate" or "fallocate" => When(number, [_ofItsOwn]),
        // In the other direction a listening socket would be closed for all who have it, posternd and the next program like this one.
        "shutdown" => When(number, [_ofItsOwn, new ArgumentTest(1, SendingEnds)]),
        "recvmsg" when declaration.Sockets.HasFlag(SocketUse.TakeOver) => new CallRule(number, Verdict.Allow),
        "sendmsg" when declaration.Sockets.HasFlag(SocketUse.HandOver) => When(number, [new ArgumentTest(2, SendingFlags)]),
        "recvmsg" => When(number, [new ArgumentTest(0, ControlSocket)]),
        "sendmsg" => When(number, [new ArgumentTest(0, ControlSocket), new ArgumentTest(2, SendingFlags)]),
        "socketpair" when declaration.Sockets.HasFlag(SocketUse.HandOver) =>
            When(number, [new ArgumentTest(0, FamilyUnix), new ArgumentTest(1, Stream, 0xf), new ArgumentTest(2, 0)]),
        "socketpair" => null,
        "sendto" => When(number, [new ArgumentTest(4, 0), new ArgumentTest(4, 0, High: true)]), // To the peer that it is connected to.
        "getsockopt" => When(number, [new ArgumentTest(1, LevelSocket)]),
        "setsockopt" => When(number, [new ArgumentTest(1, LevelTcp), new ArgumentTest(2, 1)]),
        "accept4" or "getsockname" => Only(number, declaration.Sockets.HasFlag(SocketUse.Accept)),
        "connect" => Only(number, (declaration.Sockets & (SocketUse.Tcp | SocketUse.Udp | SocketUse.Unix)) != 0),
        "bind" => Only(number, declaration.Sockets.HasFlag(SocketUse.Udp)),
        "socket" => SocketsOf(number, declaration.Sockets),
        "open" => OpensOf(number, 1, declaration.Files),
        "openat" => OpensOf(number, 2, declaration.Files),
        "openat2" => Only(number, declaration.Files.HasFlag(FileUse.Change)), // Its flags are out of a filter's reach.
        "mkdirat" => Only(number, declaration.Files.HasFlag(FileUse.MakeFolders)),
        "linkat" => Only(number, declaration.Files.HasFlag(FileUse.Move)),
        _ => new CallRule(number, Verdict.Allow),
    };

    private static CallRule? SocketsOf(int number, SocketUse use)
    {
        List<ArgumentTest[]> cases = [];
        foreach (var (wanted, family, type) in new[]
        {
            (SocketUse.Tcp, 2u, 1u), (SocketUse.Tcp, 10u, 1u), (SocketUse.Udp, 2u, 2u), (SocketUse.Udp, 10u, 2u), (SocketUse.Unix, 1u, 1u),
        })
        {
            if (use.HasFlag(wanted))
            {
                // The upper bits of the type are flags; a protocol of its own would be another one than TCP or UDP.
                cases.Add([new ArgumentTest(0, family), new ArgumentTest(1, type, 0xf), new ArgumentTest(2, 0)]);
            }
        }

        return cases.Count == 0 ? null : new CallRule(number, Verdict.Allow, [.. cases], Verdict.Refuse);
    }

    private static CallRule OpensOf(int number, int flags, FileUse use) =>
        // For reading only: no other access mode, nothing made, emptied or nameless (O_CREAT, O_TRUNC, O_TMPFILE's own bit).
        use.HasFlag(FileUse.Change) ? new CallRule(number, Verdict.Allow) : When(number, [new ArgumentTest(flags, 0, 3 | 0x40 | 0x200 | 0x400000)]);

    private static CallRule? Only(int number, bool allowed) => allowed ? new CallRule(number, Verdict.Allow) : null;

    private static CallRule OneOf(int number, int argument, uint[] values) =>
        new(number, Verdict.Allow, [.. values.Select(value => new[] { new ArgumentTest(argument, value) })], Verdict.Refuse);

    private static CallRule When(int number, ArgumentTest[] tests) => new(number, Verdict.Allow, [tests], Verdict.Refuse);
}
