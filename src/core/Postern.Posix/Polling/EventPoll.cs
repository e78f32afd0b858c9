using System.Runtime.InteropServices;

namespace Postern.Posix.Polling;

/// <summary>What a descriptor is ready for.</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Bytes or connections wait (EPOLLIN).</summary>
    Readable = 0x001,

    /// <summary>The kernel takes bytes again (EPOLLOUT).</summary>
    Writable = 0x004,

    /// <summary>An error is pending (EPOLLERR).</summary>
    Error = 0x008,

    /// <summary>Both directions are closed (EPOLLHUP).</summary>
    HangUp = 0x010,

    /// <summary>The peer has ended its direction (EPOLLRDHUP).</summary>
    PeerEnded = 0x2000,
}

/// <summary>One readiness report: the token given at registration, and what for.</summary>
public readonly record struct PollEvent(ulong Token, Readiness Ready);

/// <summary>An epoll instance; every registration is edge-triggered.</summary>
public sealed unsafe partial class EventPoll : IDisposable
{
    /// <summary>Reports taken per wait; more stay in the kernel for the next one.</summary>
    public const int MaxEvents = 256;

    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const uint EdgeTriggered = 1u << 31;

    // struct epoll_event is packed on x86-64 only (12 bytes); elsewhere the token is aligned (16 bytes).
    private static readonly int TokenOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = TokenOffset + 8;

    private readonly Descriptor _descriptor;
    private readonly byte[] _raw = GC.AllocateArray<byte>(MaxEvents * 16, pinned: true);

    private EventPoll(Descriptor descriptor) => _descriptor = descriptor;

    /// <summary>Opens an instance.</summary>
    /// <exception cref="InvalidOperationException">The kernel refused: a program can't live without one.</exception>
    public static EventPoll Open()
    {
        var result = CallResult.From(Create(CloseOnExec));
        return result.Failed
            ? throw new InvalidOperationException($"epoll_create1: {Errno.Describe(result.Error)}")
            : new EventPoll(new Descriptor(result.Value));
    }

    /// <summary>Watches a descriptor.</summary>
    public CallResult Watch(int fd, ulong token, Readiness interest) => Control(Add, fd, token, interest);

    /// <summary>Changes what a watched descriptor is watched for.</summary>
    public CallResult Change(int fd, ulong token, Readiness interest) => Control(Modify, fd, token, interest);

    /// <summary>Watches a descriptor no more. Closing does that by itself, unless another process has a duplicate.</summary>
    public CallResult Forget(int fd) => Control(Delete, fd, 0, Readiness.None);

    /// <summary>Waits for reports.</summary>
    /// <param name="events">Filled from the start; at most <see cref="MaxEvents"/>.</param>
    /// <param name="milliseconds">How long; 0 looks only, −1 waits without end.</param>
    /// <returns>How many; 0 also when a signal interrupted.</returns>
    public int Wait(Span<PollEvent> events, int milliseconds)
    {
        fixed (byte* raw = _raw)
        {
            var count = WaitFor(_descriptor.Number, raw, Math.Min(events.Length, MaxEvents), milliseconds);
            for (var i = 0; i < count; i++)
            {
                var at = _raw.AsSpan(i * EventSize, EventSize);
                events[i] = new PollEvent(BitConverter.ToUInt64(at[TokenOffset..]), (Readiness)BitConverter.ToInt32(at));
            }

            return Math.Max(count, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private CallResult Control(int operation, int fd, ulong token, Readiness interest)
    {
        var raw = stackalloc byte[16];
        *(uint*)raw = (uint)interest | EdgeTriggered;
        *(ulong*)(raw + TokenOffset) = token;
        return CallResult.From(ControlCall(_descriptor.Number, operation, fd, raw));
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int ControlCall(int epoll, int operation, int fd, byte* request);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitFor(int epoll, byte* events, int max, int milliseconds);
}
