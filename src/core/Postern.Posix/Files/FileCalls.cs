using System.Runtime.InteropServices;

namespace Postern.Posix.Files;

/// <summary>The system calls on files.</summary>
/// <remarks>
/// Success and failure are told apart by the return value; errno only says which failure. The very first errno that the
/// runtime fetches can be wrong when code is compiled just in time, so one failing call is made before any that counts.
/// </remarks>
internal static unsafe partial class FileCalls
{
    internal const int AtFolder = -100;
    internal const int CloseOnExec = 0x80000;
    internal const int Create = 0x40;
    internal const int Exclusive = 0x80;
    internal const int Truncated = 0x200;
    internal const int NoBlock = 0x800;
    internal const int RemoveDirectory = 0x200;
    internal const int NoReplace = 1;

    /// <summary>RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS and RESOLVE_BENEATH.</summary>
    internal const ulong Beneath = 0x02 | 0x04 | 0x08;

    private const long OpenAt2Number = 437;

    // The two values that are not the same on every machine.
    private static readonly bool _arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    internal static readonly int Directory = _arm ? 0x4000 : 0x10000;
    internal static readonly int NoFollow = _arm ? 0x8000 : 0x20000;

    static FileCalls() => _ = Judge(PositionedRead(-1, null, 0, 0));

    /// <summary>The error numbers that are told apart here.</summary>
    internal static class Errno
    {
        internal const int NotPermitted = 1;
        internal const int NoEntry = 2;
        internal const int Interrupted = 4;
        internal const int InputOutput = 5;
        internal const int Again = 11;
        internal const int AccessDenied = 13;
        internal const int Exists = 17;
        internal const int CrossDevice = 18;
        internal const int NotDirectory = 20;
        internal const int IsDirectory = 21;
        internal const int InvalidArgument = 22;
        internal const int TooBig = 27;
        internal const int NoSpace = 28;
        internal const int NameTooLong = 36;
        internal const int NotEmpty = 39;
        internal const int Loop = 40;
        internal const int QuotaExceeded = 122;
    }

    /// <summary>struct open_how.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        internal ulong Flags;
        internal ulong Mode;
        internal ulong Resolve;
    }

    /// <summary>struct flock, for locks that belong to the open file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileLock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }

    /// <summary>Turns a return value into a result, fetching errno after a failure.</summary>
    internal static FileResult Judge(long returned)
    {
        if (returned >= 0) return FileResult.Of(returned);
        int error = Marshal.GetLastPInvokeError();
        // A failure without a number must stay a failure.
        return FileResult.Failure(error > 0 ? error : Errno.InputOutput);
    }

    /// <summary>True when a signal came first and the call is to be made again. Never to be asked after a sync.</summary>
    internal static bool Again(long returned) => returned < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted;

    internal static long OpenAt2(int directory, byte* path, OpenHow* how) => Syscall(OpenAt2Number, directory, path, how, sizeof(OpenHow));

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long directory, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    internal static partial nint PositionedRead(int file, byte* buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    internal static partial nint PositionedWrite(int file, byte* buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    internal static partial int ChangeOwner(int file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int SyncContent(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Allocate(int file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate(int file, long length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int Status(int directory, byte* path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    internal static partial int MakeDirectory(int directory, byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    internal static partial int Rename(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath, uint flags);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    internal static partial int Link(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int Unlink(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    internal static partial nint Entries(int directory, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(int file, int operation);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Control(int file, int command, FileLock* argument);

    [LibraryImport("libc", EntryPoint = "fstatvfs", SetLastError = true)]
    internal static partial int FileSystemStatus(int file, byte* status);

    /// <summary>Returns the error instead of setting errno.</summary>
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    internal static partial int Advise(int file, long offset, long length, int advice);
}
