using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Postern.Posix.Processes.CallScript;

namespace Postern.Posix.Processes;

/// <summary>Starts a child that makes the calls of a script, the last of which executes a program.</summary>
public static unsafe partial class ScriptedChild
{
    private const int SignalOfChild = 17;
    private const nint BlockSignals = 0;
    private const nint SetSignals = 2;
    private const int SizeOfSignals = 8;
    private const int UsageSize = 144; // struct rusage: two times, then the largest resident set, then others
    private const int ClockThatIsNotSet = 1;
    private const nint DoNotWait = 1;
    private const int SignalKill = 9;

    /// <summary>Forks, in new namespaces where asked.</summary>
    /// <param name="script">What the child does; no signal reaches it before it opens itself to them.</param>
    /// <param name="namespaces">CLONE_NEW… of clone(2).</param>
    /// <param name="report">Where the child writes <see cref="ChildNote"/>s; a pipe that is closed on execution.</param>
    /// <returns>The child's process id, or the errno.</returns>
    public static CallResult Start(CallScript script, uint namespaces, int report)
    {
        ArgumentNullException.ThrowIfNull(script);
        var calls = script.Freeze();
        var numbers = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? new Numbers { Clone = 220, Mask = 135, Wait = 260, Write = 64, End = 94, Clock = 113, Await = 137, Kill = 129 }
            : new Numbers { Clone = 56, Mask = 14, Wait = 61, Write = 1, End = 231, Clock = 228, Await = 128, Kill = 62 };
        numbers.Seconds = script.Seconds;
        fixed (ScriptedCall* first = calls)
        {
            // Signals of the runtime's own handlers must not run them in the child, which shares the pipes that they write to.
            ulong all = ulong.MaxValue;
            ulong before;
            _ = Make(numbers.Mask, BlockSignals, (nint)(&all), (nint)(&before), SizeOfSignals, 0, 0);
            _ = *ErrorAt(); // Bound now: the child could not look it up any more.
            var made = Make(numbers.Clone, (nint)(namespaces | SignalOfChild), 0, 0, 0, 0, 0);
            if (made == 0)
            {
                Run(first, calls.Length, report, &numbers);
            }

            var result = made < 0 ? CallResult.Failure(*ErrorAt()) : CallResult.Of((int)made);
            _ = Make(numbers.Mask, SetSignals, (nint)(&before), 0, SizeOfSignals, 0, 0);
            GC.KeepAlive(script);
            return result;
        }
    }

    /// <summary>The child. Nothing here allocates, throws, or calls anything but the kernel; it never comes back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Run(ScriptedCall* call, int count, int report, Numbers* numbers)
    {
        for (var i = 0; i < count; i++, call++)
        {
            var values = (nint*)&call->Values;
            var result = Make(call->Number, values[0], values[1], values[2], values[3], values[4], values[5]);
            var error = result < 0 ? *ErrorAt() : 0;
            if (call->Meaning == CallMeaning.Split && result > 0)
            {
                Attend(result, report, numbers);
            }

            var expected = call->Meaning == CallMeaning.Try
                || (call->Meaning == CallMeaning.Refused ? error is Errno.NotPermitted or Errno.AccessDenied or Errno.NoSystemCall : error == 0);
            if (!expected)
            {
                Tell(report, new ChildNote { Kind = ChildNoteKind.Stopped, Call = i, Value = error }, numbers);
                End(numbers);
            }

            if (call->Keep != null)
            {
                *call->Keep = unchecked((int)result);
            }
        }

        End(numbers);
    }

    /// <summary>Waits for the process that goes on, and takes the ends of all that are left to us: in a namespace of processes we are the first.</summary>
    /// <remarks>Nobody but the kernel can hold this up: when time is up here, all is over, whatever has become of whoever started it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Attend(nint process, int report, Numbers* numbers)
    {
        var usage = stackalloc long[UsageSize / sizeof(long)];
        // Who reads its output must see the end of it, and who writes its input that nobody reads.
        for (var i = 0; i < 3; i++)
        {
            _ = CloseDescriptor(i);
        }

        // All signals are blocked here, so that of a child's end waits to be asked for, whenever it comes.
        ulong ofChildren = 1UL << (SignalOfChild - 1);
        var time = stackalloc long[2];
        _ = Make(numbers->Clock, ClockThatIsNotSet, (nint)time, 0, 0, 0, 0);
        var end = time[0] + numbers->Seconds;
        int status;
        nint ended;
        while (true)
        {
            ended = Make(numbers->Wait, -1, (nint)(&status), DoNotWait, (nint)usage, 0, 0);
            if (ended < 0 || ended == process)
            {
                break;
            }

            _ = Make(numbers->Clock, ClockThatIsNotSet, (nint)time, 0, 0, 0, 0);
            if (time[0] >= end)
            {
                // The group is that of this process and all that come from it. The first of a namespace is spared, and takes it along.
                _ = Make(numbers->Kill, 0, SignalKill, 0, 0, 0, 0);
                End(numbers);
            }

            if (ended == 0)
            {
                (time[0], time[1]) = (end - time[0], 0);
                _ = Make(numbers->Await, (nint)(&ofChildren), 0, (nint)time, SizeOfSignals, 0, 0);
            }
        }

        var note = new ChildNote { Kind = ChildNoteKind.Ended, Value = status, PeakKibibytes = usage[4] };
        if (ended > 0)
        {
            Tell(report, note, numbers);
        }

        End(numbers);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tell(int report, ChildNote note, Numbers* numbers) =>
        _ = Make(numbers->Write, report, (nint)(&note), sizeof(ChildNote), 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(Numbers* numbers)
    {
        while (true)
        {
            _ = Make(numbers->End, 1, 0, 0, 0, 0, 0);
        }
    }

    // The child has no collector to wait for, so these calls must not ask whether one waits.
    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Make(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "__errno_location")]
    private static partial int* ErrorAt();

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    /// <summary>The calls of our own, by their numbers on this machine, and how long the one that is waited for may live.</summary>
    private struct Numbers
    {
        internal int Clone;
        internal int Mask;
        internal int Wait;
        internal int Write;
        internal int End;
        internal int Clock;
        internal int Await;
        internal int Kill;
        internal long Seconds;
    }
}
