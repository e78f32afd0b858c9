using System.Text;
using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>A log's directory on a real file system.</summary>
public sealed class PosixDisk : ISpoolDisk
{
    private const uint OwnerOnly = 0x180; // 0600
    private const int NotAFile = 22; // EINVAL
    private const int NotImplemented = 38; // ENOSYS
    private const int NotSupported = 95; // EOPNOTSUPP

    private readonly DirectoryHandle _directory;
    private readonly bool _writable;
    private FileHandle? _lock;

    private PosixDisk(DirectoryHandle directory, bool writable) => (_directory, _writable) = (directory, writable);

    /// <summary>Opens a directory that exists.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="writable">False to look only: then every change is refused.</param>
    /// <param name="disk">The disk, with success.</param>
    public static FileResult Open(string path, bool writable, out PosixDisk? disk)
    {
        var result = DirectoryHandle.Open(path, out var directory);
        disk = directory is null ? null : new PosixDisk(directory, writable);
        return result;
    }

    /// <inheritdoc/>
    public FileResult Lock()
    {
        var result = _directory.OpenFile("lock"u8, OpenFlags.ReadWrite | OpenFlags.Create, OwnerOnly, out var file);
        if (file is null) return result;
        result = file.TryLock();
        if (result.Ok) _lock = file;
        else file.Dispose();
        return result;
    }

    /// <inheritdoc/>
    public FileResult List(List<string> names) =>
        // Latin-1 keeps names apart that are not text; only our own are ever opened by name.
        _directory.List((name, _) => names.Add(Encoding.Latin1.GetString(name)));

    /// <inheritdoc/>
    public FileResult Open(string name, out ISpoolFile? file)
    {
        var result = _directory.OpenFile(
            Bytes(name), (_writable ? OpenFlags.ReadWrite : OpenFlags.Read) | OpenFlags.NoWait, 0, out var handle);
        return Wrap(result, handle, out file);
    }

    /// <inheritdoc/>
    public FileResult Create(string name, long size, out ISpoolFile? file)
    {
        var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive;
        var result = _directory.OpenFile(Bytes(name), flags, OwnerOnly, out var handle);
        if (handle is not null)
        {
            result = handle.Allocate(0, size);
            if (result.Error is NotSupported or NotImplemented) result = WriteZeros(handle, size);
            if (result.Ok) return Wrap(result, handle, out file);
            handle.Dispose();
            _ = _directory.Unlink(Bytes(name));
        }
        file = null;
        return result;
    }

    /// <inheritdoc/>
    public FileResult Rename(string name, string newName) => _directory.Rename(Bytes(name), _directory, Bytes(newName));

    /// <inheritdoc/>
    public FileResult Remove(string name) => _directory.Unlink(Bytes(name));

    /// <inheritdoc/>
    public FileResult Sync() => _directory.Sync();

    /// <inheritdoc/>
    public FileResult GetFreeBytes() => _directory.GetFreeBytes();

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _directory.Dispose();
    }

    private static byte[] Bytes(string name) => Encoding.Latin1.GetBytes(name);

    /// <summary>Some file systems can't reserve: then the space is used up by writing.</summary>
    internal static FileResult WriteZeros(FileHandle handle, long size)
    {
        byte[] zeros = new byte[1 << 16];
        var result = FileResult.Of(0);
        for (long at = 0; at < size && result.Ok; at += zeros.Length)
            result = handle.Write(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, size - at)));
        return result;
    }

    private static FileResult Wrap(FileResult result, FileHandle? handle, out ISpoolFile? file)
    {
        file = null;
        if (handle is null) return result;
        result = handle.GetStatus(out var status);
        // A pipe or a device that somebody put here under one of our names must not be read as a log.
        if (result.Ok && status.Kind == FileKind.Regular) file = new PosixFile(handle, status.Size);
        else handle.Dispose();
        return result.Ok && file is null ? FileResult.Failure(NotAFile) : result;
    }

    /// <summary>A file of the log on a real file system.</summary>
    private sealed class PosixFile(FileHandle handle, long size) : ISpoolFile
    {
        public long Size => size;

        public FileResult Read(long offset, Span<byte> destination) => handle.Read(offset, destination);

        public FileResult Write(long offset, ReadOnlySpan<byte> source) => handle.Write(offset, source);

        public FileResult Sync() => handle.SyncContent();

        public void DropCache() => _ = handle.DropCache();

        public void Dispose() => handle.Dispose();
    }
}
