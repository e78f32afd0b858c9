namespace Postern.Posix.Confining;

/// <summary>Puts a system call filter on this process (seccomp(2)): on every thread that it has or will have, and for good.</summary>
public static unsafe class CallFilter
{
    private const nint SetModeFilter = 1;
    private const nint OnAllThreads = 1; // SECCOMP_FILTER_FLAG_TSYNC

    /// <summary>Puts the filter on; it needs "no new privileges" before.</summary>
    /// <returns>Success or the errno: EINVAL and ENOSYS where the kernel has no seccomp, EACCES without the promise.</returns>
    public static CallResult Install(ReadOnlySpan<FilterInstruction> instructions)
    {
        fixed (FilterInstruction* first = instructions)
        {
            var program = new ConfiningCalls.FilterProgram { Count = (ushort)instructions.Length, First = first };
            // A thread that has another filter of its own makes this return that thread's number.
            var result = ConfiningCalls.Make(ConfiningCalls.Filter, SetModeFilter, OnAllThreads, (nint)(&program));
            return result is { Failed: false, Value: > 0 } ? CallResult.Failure(Errno.NoProcess) : result;
        }
    }
}
