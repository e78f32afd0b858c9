using System.Runtime.InteropServices;
using Postern.Posix.Files;
using Postern.Posix.Processes;

namespace Postern.Posix.Confining;

/// <summary>Does what a confined program must not be able to do, so that it can tell whether it really is confined.</summary>
/// <remarks>None of it does harm where it works: what was opened is closed again, and no process is made.</remarks>
public static unsafe partial class Attempt
{
    private const int Read = 1;
    private const int Execute = 4;
    private const int PrivateAnonymous = 0x22;
    private const nuint Page = 4096;
    private const nint ShareHandlersOnly = 0x800; // CLONE_SIGHAND, which the kernel refuses (EINVAL) without CLONE_VM
    private const nint SetUpRing = 425;
    private const int GetDumpable = 3;
    private const int GetNoNewPrivileges = 39;
    private const int Sets = 6;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Opens a folder to list it.</summary>
    public static CallResult OpenFolder(string path)
    {
        fixed (byte* name = PathBytes.Terminated(path))
        {
            return Closed(CallResult.From(ConfiningCalls.Open(name, FileCalls.Directory | FileCalls.CloseOnExec, 0)));
        }
    }

    /// <summary>Opens a socket; one of IPv4 for streams is bound to a port of the kernel's choice as well.</summary>
    /// <param name="family">AF_…</param>
    /// <param name="type">SOCK_…</param>
    /// <param name="bind">True to succeed only when the socket can be bound, too.</param>
    public static CallResult OpenSocket(int family, int type, bool bind = false)
    {
        var opened = CallResult.From(Sockets.SocketCalls.Socket(family, type | Sockets.SocketCalls.CloseOnExec, 0));
        if (opened.Failed || !bind)
        {
            return Closed(opened);
        }

        using var socket = new Descriptor(opened.Value);
        var address = stackalloc byte[16] { 2, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
        return CallResult.From(Sockets.SocketCalls.Bind(socket.Number, address, 16));
    }

    /// <summary>Maps memory whose content can be executed.</summary>
    public static CallResult MapExecutable()
    {
        var mapped = Map(null, Page, Read | Execute, PrivateAnonymous, -1, 0);
        if (mapped == -1)
        {
            return CallResult.From(-1);
        }

        _ = Unmap((void*)mapped, Page);
        return CallResult.Of(0);
    }

    /// <summary>Makes a process, in a way that the kernel refuses as well, but otherwise (EINVAL): none is ever made.</summary>
    public static CallResult Fork() => ConfiningCalls.Make(IsArm ? 220 : 56, ShareHandlersOnly, 0);

    /// <summary>Sets io_uring up, with arguments that the kernel refuses (EFAULT).</summary>
    public static CallResult OpenRing() => ConfiningCalls.Make(SetUpRing, 1, 0);

    /// <summary>True when executing a file gives no rights.</summary>
    public static bool RefusesNewPrivileges => ProcessCalls.Control(GetNoNewPrivileges, 0, 0, 0, 0) == 1;

    /// <summary>True when nobody of the same user may trace this process.</summary>
    public static bool RefusesTracing => ProcessCalls.Control(GetDumpable, 0, 0, 0, 0) == 0;

    /// <summary>True when this thread has no capability, nor one to inherit.</summary>
    public static bool HasNoCapabilities
    {
        get
        {
            var header = stackalloc uint[2] { Capabilities.Version3, 0 };
            var sets = stackalloc uint[Sets];
            return !ConfiningCalls.Make(IsArm ? 90 : 125, (nint)header, (nint)sets).Failed && !new ReadOnlySpan<uint>(sets, Sets).ContainsAnyExcept(0u);
        }
    }

    private static CallResult Closed(CallResult opened)
    {
        if (!opened.Failed)
        {
            new Descriptor(opened.Value).Dispose();
        }

        return opened;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
