namespace Postern.Posix.Files;

/// <summary>Files that are only ever written as a whole: after a crash there is the old one or the new one.</summary>
public static class WholeFile
{
    private const uint Mode = 0x180; // 0600

    /// <summary>Writes a file, readable by its owner alone, in the place of what was there; on stable storage when it returns.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">All that is to be in it.</param>
    public static FileResult Replace(DirectoryHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> fresh = [.. name, .. ".new"u8];
        _ = folder.Unlink(fresh);
        var result = WriteFresh(folder, fresh, bytes);
        result = result.Ok ? folder.Replace(fresh, name) : result;
        return result.Ok ? folder.Sync() : result;
    }

    private static FileResult WriteFresh(DirectoryHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        var opened = folder.OpenFile(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, Mode, out var file);
        if (!opened.Ok)
        {
            return opened;
        }

        using (file)
        {
            var written = file!.Write(0, bytes);
            return written.Ok ? file.Sync() : written;
        }
    }
}
