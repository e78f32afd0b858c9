namespace Postern.Posix.Files;

/// <summary>Owns one open file and closes it once. Reads and writes say where, so there is no file position.</summary>
/// <remarks>No finaliser: the owner decides when it closes. All failures of the system are values.</remarks>
public sealed unsafe class FileHandle : IDisposable
{
    private const int DropCached = 4; // POSIX_FADV_DONTNEED
    private const int OpenFileLock = 37; // F_OFD_SETLK
    private const short WriteLock = 1;
    private const int ExclusiveWithoutWaiting = 2 | 4;
    private const int EmptyPath = 0x1000;

    private int _number;

    internal FileHandle(int number) => _number = number;

    /// <summary>Takes over an open descriptor, such as one that came from another program.</summary>
    public static FileHandle Own(int descriptor) => new(descriptor);

    /// <summary>The descriptor's number; −1 once closed.</summary>
    public int Number => _number;

    /// <summary>Reads until the destination is full or the file ends.</summary>
    /// <returns>How many bytes were read; fewer than asked only at the end of the file.</returns>
    public FileResult Read(long offset, Span<byte> destination)
    {
        int done = 0;
        fixed (byte* start = destination)
        {
            while (done < destination.Length)
            {
                nint read = FileCalls.PositionedRead(_number, start + done, destination.Length - done, offset + done);
                if (FileCalls.Again(read)) continue;
                if (read < 0) return FileCalls.Judge(read);
                if (read == 0) break;
                done += (int)read;
            }
        }
        return FileResult.Of(done);
    }

    /// <summary>Writes all of the source, going on after short writes.</summary>
    /// <returns>How many bytes were written: all; after a failure some of them may have been.</returns>
    public FileResult Write(long offset, ReadOnlySpan<byte> source)
    {
        int done = 0;
        fixed (byte* start = source)
        {
            while (done < source.Length)
            {
                nint written = FileCalls.PositionedWrite(_number, start + done, source.Length - done, offset + done);
                if (FileCalls.Again(written)) continue;
                if (written < 0) return FileCalls.Judge(written);
                // Linux does not do this to ordinary files; a loop without progress must not be possible, though.
                if (written == 0) return FileResult.Failure(FileCalls.Errno.InputOutput);
                done += (int)written;
            }
        }
        return FileResult.Of(done);
    }

    /// <summary>Brings content, and what is needed to find it again, to stable storage (fdatasync).</summary>
    /// <remarks>
    /// A failure is final, an interruption included: the kernel has then forgotten which pages were not written, and a
    /// second call would report success for data that is gone.
    /// </remarks>
    public FileResult SyncContent() => FileCalls.Judge(FileCalls.SyncContent(_number));

    /// <summary>Brings content and all attributes to stable storage (fsync); a failure is final, see <see cref="SyncContent"/>.</summary>
    public FileResult Sync() => FileCalls.Judge(FileCalls.Sync(_number));

    /// <summary>Reserves disk space for a part of the file, which grows when it has to.</summary>
    public FileResult Allocate(long offset, long length)
    {
        long returned;
        do returned = FileCalls.Allocate(_number, 0, offset, length);
        while (FileCalls.Again(returned));
        return FileCalls.Judge(returned);
    }

    /// <summary>Cuts or extends the file to a length.</summary>
    public FileResult Truncate(long length)
    {
        long returned;
        do returned = FileCalls.Truncate(_number, length);
        while (FileCalls.Again(returned));
        return FileCalls.Judge(returned);
    }

    /// <summary>Gives the file to another user and group; for root, or when both are the caller's own.</summary>
    public FileResult Give(uint user, uint group) => FileCalls.Judge(FileCalls.ChangeOwner(_number, user, group));

    /// <summary>Asks what the open file is: the answer that no renaming can falsify.</summary>
    public FileResult GetStatus(out FileStatus status)
    {
        byte* raw = stackalloc byte[FileStatus.RawSize];
        byte empty = 0;
        var result = FileCalls.Judge(FileCalls.Status(_number, &empty, EmptyPath, FileStatus.Mask, raw));
        status = result.Ok ? FileStatus.Read(new ReadOnlySpan<byte>(raw, FileStatus.RawSize)) : default;
        return result;
    }

    /// <summary>Takes both kinds of exclusive lock without waiting; they end when the file is closed.</summary>
    /// <returns>Busy when another open file has one of them.</returns>
    /// <remarks>Two, because programs that look after the same file may know of one kind only.</remarks>
    public FileResult TryLock()
    {
        long returned;
        do returned = FileCalls.Lock(_number, ExclusiveWithoutWaiting);
        while (FileCalls.Again(returned));
        if (returned < 0) return FileCalls.Judge(returned);
        var whole = new FileCalls.FileLock { Type = WriteLock };
        var result = FileCalls.Judge(FileCalls.Control(_number, OpenFileLock, &whole));
        // POSIX lets either number stand for a lock that another holds.
        return result.Error == FileCalls.Errno.AccessDenied ? FileResult.Failure(FileCalls.Errno.Again) : result;
    }

    /// <summary>Makes the next reads come from the device, as far as what is cached was written back.</summary>
    public FileResult DropCache()
    {
        int error = FileCalls.Advise(_number, 0, 0, DropCached);
        return error == 0 ? FileResult.Of(0) : FileResult.Failure(error);
    }

    /// <summary>Closes the file and tells whether the system complained, as some network file systems do only then.</summary>
    public FileResult Close()
    {
        int number = _number;
        _number = -1;
        // Never again after a failure: Linux has freed the number, and it may be somebody else's by now.
        return number < 0 ? FileResult.Of(0) : FileCalls.Judge(FileCalls.Close(number));
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Close();
}
