using System.Runtime.InteropServices;

namespace Postern.Posix.Confining;

/// <summary>System calls by their numbers: libc has names for none of those that confine a process.</summary>
internal static unsafe partial class ConfiningCalls
{
    // The same on every architecture, as all calls since Linux 5.1.
    internal const nint CreateRuleset = 444;
    internal const nint AddRule = 445;
    internal const nint RestrictSelf = 446;

    private static readonly bool _arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>seccomp(2).</summary>
    internal static nint Filter => _arm ? 277 : 317;

    /// <summary>capset(2).</summary>
    internal static nint SetCapabilities => _arm ? 91 : 126;

    /// <summary>Makes a call of four arguments at most; those that it does not have are ignored.</summary>
    internal static CallResult Make(nint number, nint first, nint second, nint third = 0, nint fourth = 0) =>
        CallResult.From(Call(number, first, second, third, fourth));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third, nint fourth);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterProgram
    {
        internal ushort Count;
        internal FilterInstruction* First;
    }
}
