using System.Text;

namespace Postern.Posix.Files;

/// <summary>How a file is opened; always closed on exec and never through a symbolic link.</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>For reading.</summary>
    Read = 0,

    /// <summary>For writing.</summary>
    Write = 1,

    /// <summary>For both.</summary>
    ReadWrite = 2,

    /// <summary>Made when it is not there.</summary>
    Create = FileCalls.Create,

    /// <summary>With Create: it must not be there.</summary>
    Exclusive = FileCalls.Exclusive,

    /// <summary>Emptied.</summary>
    Truncate = FileCalls.Truncated,

    /// <summary>Does not wait for the other end of a pipe; for names that somebody else may have made.</summary>
    NoWait = FileCalls.NoBlock,
}

/// <summary>Owns an open directory; everything else is reached from it and can't lie outside of it.</summary>
/// <remarks>
/// Names are bytes: a name that is not text can be handled like any other. Names of open calls may be paths with several
/// parts; the system itself refuses those that leave the directory or lead through a link (openat2). All other calls take
/// one part only, because they have no such mode.
/// </remarks>
public sealed unsafe partial class DirectoryHandle : IDisposable
{
    private const int NoAutomaticLink = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int EmptyPath = 0x1000;
    private const int FreeBlocksAt = 32;
    private const int BlockSizeAt = 8;
    private const int FileSystemStatusSize = 112;

    private int _number;

    private DirectoryHandle(int number) => _number = number;

    /// <summary>Takes over an open descriptor of a directory.</summary>
    public static DirectoryHandle Own(int descriptor) => new(descriptor);

    /// <summary>The descriptor's number; −1 once closed.</summary>
    public int Number => _number;

    /// <summary>Opens a directory by its path, which comes from the configuration; its last part must not be a link.</summary>
    public static FileResult Open(string path, out DirectoryHandle? directory)
    {
        directory = null;
        Span<byte> name = stackalloc byte[PathBytes.MaxPath];
        if (!PathBytes.TryTerminate(Encoding.UTF8.GetBytes(path), name)) return BadName;
        long returned;
        fixed (byte* first = name)
        {
            do returned = FileCalls.OpenAt(
                FileCalls.AtFolder, first, FileCalls.CloseOnExec | FileCalls.Directory | FileCalls.NoFollow, 0);
            while (FileCalls.Again(returned));
        }
        return Opened(returned, out directory);
    }

    /// <summary>Opens a directory beneath this one.</summary>
    public FileResult OpenDirectory(ReadOnlySpan<byte> name, out DirectoryHandle? directory) =>
        Opened(OpenBeneath(name, FileCalls.Directory, 0), out directory);

    /// <summary>Opens a file beneath this directory.</summary>
    /// <param name="name">Its name, or a path of several parts.</param>
    /// <param name="flags">How.</param>
    /// <param name="mode">The permissions of a file that is made, as far as the process's mask leaves them.</param>
    /// <param name="file">The open file, with success.</param>
    public FileResult OpenFile(ReadOnlySpan<byte> name, OpenFlags flags, uint mode, out FileHandle? file)
    {
        bool making = (flags & OpenFlags.Create) != 0;
        long returned = OpenBeneath(name, (int)flags, making ? mode : 0);
        var result = ToResult(returned);
        file = result.Ok ? new FileHandle((int)returned) : null;
        return result;
    }

    /// <summary>Makes a directory.</summary>
    public FileResult MakeDirectory(ReadOnlySpan<byte> name, uint mode)
    {
        Span<byte> path = stackalloc byte[MaxName];
        if (!TryName(name, path)) return BadName;
        fixed (byte* first = path) return FileCalls.Judge(FileCalls.MakeDirectory(_number, first, mode));
    }

    /// <summary>Renames, possibly into another directory. A name that is taken is never replaced.</summary>
    /// <remarks>Durable once both directories have been synced.</remarks>
    public FileResult Rename(ReadOnlySpan<byte> name, DirectoryHandle to, ReadOnlySpan<byte> newName) => Rename(name, to, newName, FileCalls.NoReplace);

    /// <summary>Puts a file in the place of another, or of none: whoever opens the name gets one of them, whole.</summary>
    /// <remarks>Durable once the directory has been synced.</remarks>
    public FileResult Replace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> replaced) => Rename(name, this, replaced, 0);

    /// <summary>Gives a file a second name; one that is taken is never replaced.</summary>
    public FileResult Link(ReadOnlySpan<byte> name, DirectoryHandle to, ReadOnlySpan<byte> newName)
    {
        Span<byte> from = stackalloc byte[MaxName], target = stackalloc byte[MaxName];
        if (!TryName(name, from) || !TryName(newName, target)) return BadName;
        fixed (byte* first = from, second = target)
            return FileCalls.Judge(FileCalls.Link(_number, first, to._number, second, 0));
    }

    /// <summary>Removes a name.</summary>
    public FileResult Unlink(ReadOnlySpan<byte> name) => Remove(name, 0);

    /// <summary>Removes an empty directory.</summary>
    public FileResult RemoveDirectory(ReadOnlySpan<byte> name) => Remove(name, FileCalls.RemoveDirectory);

    /// <summary>Asks what a name stands for, without following a link.</summary>
    public FileResult GetStatus(ReadOnlySpan<byte> name, out FileStatus status)
    {
        status = default;
        Span<byte> path = stackalloc byte[MaxName];
        if (!TryName(name, path)) return BadName;
        byte* raw = stackalloc byte[FileStatus.RawSize];
        fixed (byte* first = path)
        {
            var result = FileCalls.Judge(FileCalls.Status(_number, first, NoAutomaticLink, FileStatus.Mask, raw));
            if (result.Ok) status = FileStatus.Read(new ReadOnlySpan<byte>(raw, FileStatus.RawSize));
            return result;
        }
    }

    /// <summary>Asks what the directory itself is.</summary>
    public FileResult GetStatus(out FileStatus status)
    {
        byte* raw = stackalloc byte[FileStatus.RawSize];
        byte empty = 0;
        var result = FileCalls.Judge(FileCalls.Status(_number, &empty, EmptyPath, FileStatus.Mask, raw));
        status = result.Ok ? FileStatus.Read(new ReadOnlySpan<byte>(raw, FileStatus.RawSize)) : default;
        return result;
    }

    /// <summary>Makes what was created, renamed and removed here durable; a failure is final.</summary>
    public FileResult Sync() => FileCalls.Judge(FileCalls.Sync(_number));

    /// <summary>Asks how many bytes an ordinary user may still write to this file system.</summary>
    public FileResult GetFreeBytes()
    {
        byte* raw = stackalloc byte[FileSystemStatusSize];
        var result = FileCalls.Judge(FileCalls.FileSystemStatus(_number, raw));
        if (!result.Ok) return result;
        ulong free = *(ulong*)(raw + FreeBlocksAt), size = *(ulong*)(raw + BlockSizeAt);
        return FileResult.Of((long)UInt128.Min((UInt128)free * size, long.MaxValue));
    }

    private FileResult Rename(ReadOnlySpan<byte> name, DirectoryHandle to, ReadOnlySpan<byte> newName, uint flags)
    {
        Span<byte> from = stackalloc byte[MaxName], target = stackalloc byte[MaxName];
        if (!TryName(name, from) || !TryName(newName, target)) return BadName;
        fixed (byte* first = from, second = target)
            return FileCalls.Judge(FileCalls.Rename(_number, first, to._number, second, flags));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_number < 0) return;
        _ = FileCalls.Close(_number);
        _number = -1;
    }
}
