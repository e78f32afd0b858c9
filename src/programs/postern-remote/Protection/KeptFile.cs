using Postern.Posix;
using Postern.Posix.Files;

namespace Postern.Remote.Protection;

/// <summary>A small file of the program's folder that is read once and written as a whole.</summary>
/// <param name="folder">The folder, which stays its owner's.</param>
/// <param name="name">The file.</param>
internal sealed class KeptFile(DirectoryHandle folder, string name)
{
    private const uint Mode = 0x180; // 0600

    private readonly byte[] _name = System.Text.Encoding.ASCII.GetBytes(name);
    private readonly byte[] _new = System.Text.Encoding.ASCII.GetBytes(name + ".new");

    /// <summary>Reads it.</summary>
    /// <param name="most">Bytes that are read.</param>
    /// <param name="bytes">What it holds; null when there is no file, or it can't be read.</param>
    internal FileResult Read(int most, out byte[]? bytes)
    {
        bytes = null;
        var opened = folder.OpenFile(_name, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        if (!opened.Ok)
        {
            return opened.Error == Errno.NoEntry ? default : opened;
        }

        using (file)
        {
            var content = file!.GetStatus(out var status).Ok ? new byte[Math.Clamp(status.Size, 0, most)] : [];
            var read = file.Read(0, content);
            bytes = read.Ok ? content[..(int)read.Value] : null;
            return read;
        }
    }

    /// <summary>Writes it anew, in the place of what was there.</summary>
    internal FileResult Write(byte[] bytes)
    {
        var written = WriteNew(bytes);
        written = written.Ok ? folder.Replace(_new, _name) : written;
        return written.Ok ? folder.Sync() : written;
    }

    private FileResult WriteNew(byte[] bytes)
    {
        _ = folder.Unlink(_new);
        var opened = folder.OpenFile(_new, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoWait, Mode, out var file);
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
