using System.Runtime.InteropServices;

namespace Postern.Posix.Polling;

/// <summary>poll(2) over a handful of descriptors, for code that has no loop.</summary>
public static unsafe partial class DescriptorPoll
{
    /// <summary>Waits until one of the descriptors is readable, closed, or time is up.</summary>
    /// <param name="descriptors">Open descriptors; negative ones are skipped.</param>
    /// <param name="ready">Set per descriptor; as long as <paramref name="descriptors"/>.</param>
    /// <param name="milliseconds">How long; −1 without end.</param>
    /// <returns>How many are ready; 0 after the time or a signal.</returns>
    public static int WaitReadable(ReadOnlySpan<int> descriptors, Span<bool> ready, int milliseconds)
    {
        Span<Entry> entries = descriptors.Length <= 64 ? stackalloc Entry[descriptors.Length] : new Entry[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++)
        {
            entries[i] = new Entry { Descriptor = descriptors[i], Wanted = (short)Readiness.Readable };
        }

        fixed (Entry* first = entries)
        {
            var count = Poll(first, (nuint)entries.Length, milliseconds);
            for (var i = 0; i < entries.Length; i++)
            {
                ready[i] = count > 0 && entries[i].Found != 0;
            }

            return Math.Max(count, 0);
        }
    }

    /// <summary>Waits until one of the descriptors is ready for what is wanted of it, has failed or was closed at its other end.</summary>
    /// <param name="descriptors">Open descriptors; negative ones are skipped.</param>
    /// <param name="wanted">What for, as many.</param>
    /// <param name="found">Set per descriptor.</param>
    /// <param name="milliseconds">How long; −1 without end.</param>
    /// <returns>How many are ready; 0 after the time or a signal.</returns>
    public static int Wait(ReadOnlySpan<int> descriptors, ReadOnlySpan<Readiness> wanted, Span<Readiness> found, int milliseconds)
    {
        Span<Entry> entries = descriptors.Length <= 64 ? stackalloc Entry[descriptors.Length] : new Entry[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++)
        {
            entries[i] = new Entry { Descriptor = descriptors[i], Wanted = (short)wanted[i] };
        }

        fixed (Entry* first = entries)
        {
            var count = Poll(first, (nuint)entries.Length, milliseconds);
            for (var i = 0; i < entries.Length; i++)
            {
                found[i] = count > 0 ? (Readiness)entries[i].Found : Readiness.None;
            }

            return Math.Max(count, 0);
        }
    }

    /// <summary>True when a write of up to PIPE_BUF bytes would not wait.</summary>
    public static bool IsWritable(int descriptor) => WaitWritable(descriptor, 0);

    /// <summary>Waits until a write would not wait; false after the time, a signal or an error.</summary>
    public static bool WaitWritable(int descriptor, int milliseconds)
    {
        var entry = new Entry { Descriptor = descriptor, Wanted = (short)Readiness.Writable };
        return Poll(&entry, 1, milliseconds) > 0 && (entry.Found & (short)Readiness.Writable) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Entry* entries, nuint count, int milliseconds);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Found;
    }
}
