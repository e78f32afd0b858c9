using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sts;

namespace Postern.Remote.Protection.Sts;

/// <summary>The policies that are kept over a restart: else whoever is in between at the first message afterwards could hide them.</summary>
/// <param name="folder">The program's folder.</param>
/// <param name="log">The log.</param>
internal sealed class StsFile(DirectoryHandle folder, EventLog log) : IDisposable
{
    private const uint Mode = 0x180; // 0600

    private bool _hasFailed;

    private static ReadOnlySpan<byte> FileName => "mta-sts"u8;

    private static ReadOnlySpan<byte> NewName => "mta-sts.new"u8;

    /// <summary>What was kept; nothing when there is no file, or it can't be read, which is logged.</summary>
    internal IReadOnlyList<StsEntry> Read()
    {
        var opened = folder.OpenFile(FileName, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        if (!opened.Ok)
        {
            if (opened.Error != Posix.Errno.NoEntry)
            {
                log.Warning("sts-policies-unreadable").Quoted("reason", opened.ToString()).Write();
            }

            return [];
        }

        using (file)
        {
            var bytes = file!.GetStatus(out var status).Ok ? new byte[Math.Clamp(status.Size, 0, StsCacheText.MaxLength)] : [];
            var read = file.Read(0, bytes);
            var isRead = StsCacheText.TryRead(read.Ok ? bytes.AsSpan(0, (int)read.Value) : default, out var entries, out var damaged);
            if (!isRead || damaged > 0)
            {
                log.Warning("sts-policies-unreadable").Quoted("reason", read.Ok ? $"{damaged} of them are damaged" : read.ToString()).Write();
            }

            return entries;
        }
    }

    /// <summary>Writes all of them, the latest first if there should be too many, in the place of what was there. Mail goes on without.</summary>
    internal void Write(IReadOnlyCollection<StsEntry> entries)
    {
        var written = WriteNew(StsCacheText.Write(entries.OrderByDescending(static entry => entry.Fetched)));
        written = written.Ok ? folder.Replace(NewName, FileName) : written;
        written = written.Ok ? folder.Sync() : written;
        if (!written.Ok && !_hasFailed)
        {
            log.Warning("sts-policies-not-kept").Quoted("reason", written.ToString()).Write();
        }

        _hasFailed = !written.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private FileResult WriteNew(byte[] bytes)
    {
        _ = folder.Unlink(NewName);
        var opened = folder.OpenFile(NewName, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoWait, Mode, out var file);
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
