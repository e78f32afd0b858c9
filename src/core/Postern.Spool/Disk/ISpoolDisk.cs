using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>The directory that a log lives in: everything that the log asks of a disk goes through here.</summary>
/// <remarks>
/// Names are ours: short, ASCII, one part. Nothing is durable before the sync that covers it: a file's content after its
/// own, a name (made, changed or removed) after the directory's. A failed sync is final.
/// </remarks>
public interface ISpoolDisk : IDisposable
{
    /// <summary>Makes sure that no other program writes here, until this object is disposed of; Busy when one does.</summary>
    FileResult Lock();

    /// <summary>Lists the names of files.</summary>
    FileResult List(List<string> names);

    /// <summary>Opens a file, for writing too unless the disk is read-only.</summary>
    FileResult Open(string name, out ISpoolFile? file);

    /// <summary>Makes a file with its disk space reserved; Exists when there is one, and nothing is left after a failure.</summary>
    FileResult Create(string name, long size, out ISpoolFile? file);

    /// <summary>Gives a file another name, which must not be taken.</summary>
    FileResult Rename(string name, string newName);

    /// <summary>Removes a file.</summary>
    FileResult Remove(string name);

    /// <summary>Makes the names durable.</summary>
    FileResult Sync();

    /// <summary>Asks how many bytes are free.</summary>
    FileResult GetFreeBytes();
}

/// <summary>An open file of the log.</summary>
public interface ISpoolFile : IDisposable
{
    /// <summary>Its length in bytes when it was opened or made.</summary>
    long Size { get; }

    /// <summary>Reads until the destination is full or the file ends; the value is the number of bytes.</summary>
    FileResult Read(long offset, Span<byte> destination);

    /// <summary>Writes all of the source.</summary>
    FileResult Write(long offset, ReadOnlySpan<byte> source);

    /// <summary>Makes the content durable. A failure is final: it must never be asked twice.</summary>
    FileResult Sync();

    /// <summary>Makes the next reads come from the device instead of from memory.</summary>
    void DropCache();
}
