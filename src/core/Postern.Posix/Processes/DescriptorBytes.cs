using System.Runtime.InteropServices;

namespace Postern.Posix.Processes;

/// <summary>Reads and writes descriptors of any kind, one call at a time, and makes pipes.</summary>
public static unsafe partial class DescriptorBytes
{
    private const int CloseOnExec = 0x80000;
    private const int NoWaiting = 0x800;
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int FromHere = 1;

    /// <summary>Makes a pipe; both ends are closed on execution.</summary>
    public static CallResult OpenPipe(out Descriptor? reader, out Descriptor? writer)
    {
        var ends = stackalloc int[2];
        var result = CallResult.From(Pipe(ends, CloseOnExec));
        reader = result.Failed ? null : new Descriptor(ends[0]);
        writer = result.Failed ? null : new Descriptor(ends[1]);
        return result;
    }

    /// <summary>Reads what is there, as much as the buffer takes.</summary>
    /// <returns>How many bytes, 0 at the end, or the errno; EINTR is not passed on.</returns>
    public static CallResult Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            CallResult result;
            do
            {
                result = CallResult.From(ProcessCalls.Read(fd, start, (nuint)buffer.Length));
            }
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Writes what is taken.</summary>
    /// <returns>How many bytes, or the errno; EINTR is not passed on.</returns>
    public static CallResult Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            CallResult result;
            do
            {
                result = CallResult.From(ProcessCalls.Write(fd, start, (nuint)bytes.Length));
            }
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Lets no call on a descriptor of ours wait; never for one that others share.</summary>
    public static CallResult DoNotWait(int fd)
    {
        var flags = CallResult.From(ProcessCalls.FileControl(fd, GetFlags, 0));
        return flags.Failed ? flags : CallResult.From(ProcessCalls.FileControl(fd, SetFlags, flags.Value | NoWaiting));
    }

    /// <summary>True for what takes every write at once: a file, a disk, /dev/null.</summary>
    public static bool IsSeekable(int fd) => Seek(fd, 0, FromHere) >= 0;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(int fd, long offset, int whence);
}
