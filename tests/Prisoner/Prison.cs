using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Postern.Posix.Confining;

namespace Postern.Prisoner;

/// <summary>Makes forbidden calls. Everything is called once in freedom, so that behind the filter nothing has to be compiled.</summary>
internal static class Prison
{
    /// <summary>Never comes back.</summary>
    internal static void Try(FilterInstruction[] filter, int[] numbers, int exit)
    {
        var errors = GC.AllocateArray<int>(numbers.Length, pinned: true);
        var at = Marshal.UnsafeAddrOfPinnedArrayElement(errors, 0);
        Each([-1], errors);
        _ = Write(1, at, 0);
        _ = Call(-1, 0, 0, 0, 0, 0);
        if (Postern.Posix.Processes.OwnProcess.RefuseNewPrivileges().Failed || CallFilter.Install(filter).Failed)
        {
            _ = Call(exit, 3, 0, 0, 0, 0);
        }

        Each(numbers, errors);
        _ = Write(1, at, numbers.Length * sizeof(int));
        _ = Call(exit, 0, 0, 0, 0, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Each(int[] numbers, int[] errors)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            errors[i] = Call(numbers[i], 0, 0, 0, 0, 0) == -1 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint Call(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int fd, nint start, nint length);
}
