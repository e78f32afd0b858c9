using Postern.Posix.Files;
using Postern.Role.Logging;

namespace Postern.Remote.Reports.Counts;

/// <summary>The book that is kept over a restart. What a crash takes is counts of some minutes.</summary>
/// <param name="folder">The program's folder.</param>
/// <param name="log">The log.</param>
internal sealed class ReportsFile(DirectoryHandle folder, EventLog log) : IDisposable
{
    private bool _hasFailed;

    private static ReadOnlySpan<byte> FileName => "tls-reports"u8;

    /// <summary>What was kept; null when there is no file, or it can't be read, which is logged.</summary>
    internal ReportBook? Read()
    {
        var read = WholeFile.Read(folder, FileName, ReportsText.MaxLength, out var bytes);
        return !read.Ok ? Complain(read.ToString())
            : bytes is null ? null
            : ReportsText.TryRead(bytes, out var book) ? book
            : Complain("it is damaged");
    }

    /// <summary>Writes it in the place of what was there. Mail goes on without.</summary>
    internal void Write(ReportBook book)
    {
        var written = WholeFile.Replace(folder, FileName, ReportsText.Write(book));
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
}
