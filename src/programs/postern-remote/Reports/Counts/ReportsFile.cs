using Postern.Posix.Files;
using Postern.Role.Logging;

namespace Postern.Remote.Reports.Counts;

/// <summary>The book that is kept over a restart. What a crash takes is counts of some minutes.</summary>
/// <param name="folder">The program's folder.</param>
/// <param name="log">The log.</param>
internal sealed class ReportsFile(DirectoryHandle folder, EventLog log) : IDisposable
{
    private const uint Mode = 0x180; // 0600

    private bool _hasFailed;

    private static ReadOnlySpan<byte> FileName => "tls-reports"u8;

    private static ReadOnlySpan<byte> NewName => "tls-reports.new"u8;

    /// <summary>What was kept; null when there is no file, or it can't be read, which is logged.</summary>
    internal ReportBook? Read()
    {
        var opened = folder.OpenFile(FileName, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        if (!opened.Ok)
        {
            return opened.Error == Posix.Errno.NoEntry ? null : Complain(opened.ToString());
        }

        using (file)
        {
            var bytes = file!.GetStatus(out var status).Ok ? new byte[Math.Clamp(status.Size, 0, ReportsText.MaxLength)] : [];
            var read = file.Read(0, bytes);
            return !read.Ok ? Complain(read.ToString())
                : ReportsText.TryRead(bytes.AsSpan(0, (int)read.Value), out var book) ? book
                : Complain("it is damaged");
        }
    }

    /// <summary>Writes it in the place of what was there. Mail goes on without.</summary>
    internal void Write(ReportBook book)
    {
        var written = WriteNew(ReportsText.Write(book));
        written = written.Ok ? folder.Replace(NewName, FileName) : written;
        written = written.Ok ? folder.Sync() : written;
        if (!written.Ok && !_hasFailed)
        {
            log.Warning("tls-reports-not-kept").Quoted("reason", written.ToString()).Write();
        }

        _hasFailed = !written.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private ReportBook? Complain(string reason)
    {
        log.Warning("tls-reports-unreadable").Quoted("reason", reason).Write();
        return null;
    }

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
