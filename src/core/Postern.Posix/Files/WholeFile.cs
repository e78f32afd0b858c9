namespace Postern.Posix.Files;

/// <summary>Files that are read at once, and only ever written as a whole: after a crash there is the old one or the new one.</summary>
public static class WholeFile
{
    private const uint Mode = 0x180; // 0600

    /// <summary>Reads a file.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="most">Bytes that are read at most.</param>
    /// <param name="bytes">What it holds; null when there is no file, which is no failure, or it can't be read.</param>
    public static FileResult Read(DirectoryHandle folder, ReadOnlySpan<byte> name, int most, out byte[]? bytes)
    {
        bytes = null;
        var opened = folder.OpenFile(name, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        if (!opened.Ok)
        {
            return opened.Fault == FileFault.NotFound ? default : opened;
        }

        using (file)
        {
            var content = file!.GetStatus(out var status).Ok ? new byte[Math.Clamp(status.Size, 0, most)] : [];
            var read = file.Read(0, content);
            bytes = read.Ok ? content[..(int)read.Value] : null;
            return read;
        }
    }

    /// <summary>Writes a file, readable by its owner alone, in the place of what was there; on stable storage when it returns.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">All that is to be in it.</param>
    /// <param name="isGiven">True to give it to whom the folder belongs to: else it is the caller's.</param>
    public static FileResult Replace(DirectoryHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, bool isGiven = false)
    {
        ReadOnlySpan<byte> fresh = [.. name, .. ".new"u8];
        _ = folder.Unlink(fresh);
        var result = WriteFresh(folder, fresh, bytes, isGiven);
        result = result.Ok ? folder.Replace(fresh, name) : result;
        return result.Ok ? folder.Sync() : result;
    }

    private static FileResult WriteFresh(DirectoryHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, bool isGiven)
    {
        var opened = folder.OpenFile(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, Mode, out var file);
        if (!opened.Ok)
        {
            return opened;
        }

        using (file)
        {
            // Before anything is in it.
            var given = isGiven ? Give(folder, file!) : default;
            var written = given.Ok ? file!.Write(0, bytes) : given;
            return written.Ok ? file!.Sync() : written;
        }
    }

    private static FileResult Give(DirectoryHandle folder, FileHandle file)
    {
        var asked = folder.GetStatus(out var status);
        return asked.Ok ? file.Give(status.Uid, status.Gid) : asked;
    }
}
