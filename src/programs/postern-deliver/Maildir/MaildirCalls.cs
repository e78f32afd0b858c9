using Postern.Posix.Files;

namespace Postern.Deliver.Maildir;

/// <summary>The steps of a delivery that the system may refuse, one method each: a test lets any of them fail.</summary>
internal class MaildirCalls
{
    private const uint PrivateFolder = 0x1c0; // 0700
    private const uint PrivateFile = 0x180; // 0600

    /// <summary>Opens a folder beneath another.</summary>
    internal virtual FileResult OpenFolder(DirectoryHandle parent, ReadOnlySpan<byte> path, out DirectoryHandle? folder) =>
        parent.OpenDirectory(path, out folder);

    /// <summary>Makes a folder.</summary>
    internal virtual FileResult MakeFolder(DirectoryHandle parent, ReadOnlySpan<byte> name) => parent.MakeDirectory(name, PrivateFolder);

    /// <summary>Makes a file whose name must be free; a link that waits there under the name counts as taken.</summary>
    internal virtual FileResult Create(DirectoryHandle folder, ReadOnlySpan<byte> name, out FileHandle? file) =>
        folder.OpenFile(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, PrivateFile, out file);

    /// <summary>Writes all the bytes.</summary>
    internal virtual FileResult Write(FileHandle file, long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

    /// <summary>Reads until the destination is full or the file ends.</summary>
    internal virtual FileResult Read(FileHandle file, long offset, Span<byte> destination) => file.Read(offset, destination);

    /// <summary>Brings a file to stable storage; never asked twice.</summary>
    internal virtual FileResult Sync(FileHandle file) => file.Sync();

    /// <summary>Closes a file, and hears what a network file system says only now.</summary>
    internal virtual FileResult Close(FileHandle file) => file.Close();

    /// <summary>Moves a file to a name that must be free.</summary>
    internal virtual FileResult Rename(DirectoryHandle from, ReadOnlySpan<byte> name, DirectoryHandle to, ReadOnlySpan<byte> newName) =>
        from.Rename(name, to, newName);

    /// <summary>Brings the names in a folder to stable storage; never asked twice for the same names.</summary>
    internal virtual FileResult SyncFolder(DirectoryHandle folder) => folder.Sync();

    /// <summary>Removes a name.</summary>
    internal virtual FileResult Unlink(DirectoryHandle folder, ReadOnlySpan<byte> name) => folder.Unlink(name);
}
