using Postern.Posix.Files;
using Postern.Role.Logging;

namespace Postern.Remote.Protection.Seen;

/// <summary>What is remembered over a restart.</summary>
/// <param name="folder">The program's folder.</param>
/// <param name="log">The log.</param>
internal sealed class TlsMemoryFile(DirectoryHandle folder, EventLog log)
{
    private bool _hasFailed;

    private static ReadOnlySpan<byte> FileName => "tls-seen"u8;

    /// <summary>What was kept; nothing when there is no file, or it can't be read, which is logged.</summary>
    internal IReadOnlyList<TlsTrace> Read()
    {
        var read = WholeFile.Read(folder, FileName, TlsMemoryText.MaxLength, out var bytes);
        var damaged = 0;
        IReadOnlyList<TlsTrace> traces = [];
        if (!read.Ok || (bytes is not null && (!TlsMemoryText.TryRead(bytes, out traces, out damaged) || damaged > 0)))
        {
            log.Warning("tls-memory-unreadable").Quoted("reason", read.Ok ? $"{damaged} of them are damaged" : read.ToString()).Write();
        }

        return traces;
    }

    /// <summary>Writes all of it, the latest first if there should be too much.</summary>
    internal void Write(IReadOnlyCollection<TlsTrace> traces)
    {
        var written = WholeFile.Replace(folder, FileName, TlsMemoryText.Compose(traces.OrderByDescending(static trace => trace.Seen)));
        if (!written.Ok && !_hasFailed)
        {
            log.Warning("tls-memory-not-kept").Quoted("reason", written.ToString()).Write();
        }

        _hasFailed = !written.Ok;
    }
}
