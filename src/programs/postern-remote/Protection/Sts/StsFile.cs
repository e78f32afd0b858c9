using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sts;

namespace Postern.Remote.Protection.Sts;

/// <summary>The policies that are kept over a restart: else whoever is in between at the first message afterwards could hide them.</summary>
/// <param name="folder">The program's folder.</param>
/// <param name="log">The log.</param>
internal sealed class StsFile(DirectoryHandle folder, EventLog log) : IDisposable
{
    private bool _hasFailed;

    private static ReadOnlySpan<byte> FileName => "mta-sts"u8;

    /// <summary>What was kept; nothing when there is no file, or it can't be read, which is logged.</summary>
    internal IReadOnlyList<StsEntry> Read()
    {
        var read = WholeFile.Read(folder, FileName, StsCacheText.MaxLength, out var bytes);
        var damaged = 0;
        IReadOnlyList<StsEntry> entries = [];
        if (!read.Ok || (bytes is not null && (!StsCacheText.TryRead(bytes, out entries, out damaged) || damaged > 0)))
        {
            log.Warning("sts-policies-unreadable").Quoted("reason", read.Ok ? $"{damaged} of them are damaged" : read.ToString()).Write();
        }

        return entries;
    }

    /// <summary>Writes all of them, the latest first if there should be too many, in the place of what was there. Mail goes on without.</summary>
    internal void Write(IReadOnlyCollection<StsEntry> entries)
    {
        var written = WholeFile.Replace(folder, FileName, StsCacheText.Write(entries.OrderByDescending(static entry => entry.Fetched)));
        if (!written.Ok && !_hasFailed)
        {
            log.Warning("sts-policies-not-kept").Quoted("reason", written.ToString()).Write();
        }

        _hasFailed = !written.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
