using Postern.CommandLine.Output;
using Postern.Posix.Files;
using Postern.Posix.Processes;
using Postern.Spool;

namespace Postern.CommandLine.Offline;

/// <summary>The log of a queue that is not running, or a copy of one; nothing in it is changed.</summary>
internal sealed class OfflineLog : IDisposable
{
    // A content record's payload is the message's id and then the content.
    private const int ContentHeader = 8;

    private readonly LogReader _reader;
    private readonly byte[] _record = new byte[IRecordLog.MaxPayload];

    private OfflineLog(LogReader reader, LogContents contents, LogReport report)
    {
        _reader = reader;
        Contents = contents;
        Report = report;
    }

    /// <summary>The messages and damages.</summary>
    internal LogContents Contents { get; }

    /// <summary>What the log says of itself.</summary>
    internal LogReport Report { get; }

    /// <summary>True when every result that speaks of a message here is here, too: no segment between others was freed.</summary>
    internal bool IsExact
    {
        get
        {
            var segments = Report.Segments;
            return segments.Count == 0 || segments[^1].Number - segments[0].Number + 1 == (uint)segments.Count;
        }
    }

    /// <summary>Reads a folder through.</summary>
    /// <param name="folder">The folder of the segments.</param>
    /// <param name="salvage">True to count what is whole in a last batch that was not committed.</param>
    /// <param name="progress">Told at every record.</param>
    /// <exception cref="CommandFailure">75 for the folder of a queue that runs, 66 for a folder that is none or holds no log, 77 for one that may not be read.</exception>
    internal static OfflineLog Open(string folder, bool salvage, Progress progress)
    {
        var opened = PosixDisk.Open(folder, writable: false, out var disk);
        if (!opened.Ok)
        {
            throw opened.Fault switch
            {
                FileFault.NotFound => new CommandFailure(ExitCode.NoInput, $"{folder}: no such folder"),
                FileFault.NotBeneath => new CommandFailure(ExitCode.NoInput, $"{folder}: not a folder, or a link to one"),
                FileFault.Denied => new CommandFailure(ExitCode.NoPermission, $"{folder}: permission denied"),
                _ => new CommandFailure(ExitCode.NoInput, $"{folder}: {opened}"),
            };
        }

        // posternd holds this lock as long as it runs. We do not keep it: a server may be started while its log is looked at.
        var locked = OwnedFolder.Lock(folder, out var held);
        held?.Dispose();
        if (locked.WouldBlock)
        {
            disk!.Dispose();
            throw new CommandFailure(
                ExitCode.TemporaryFailure, $"{folder}: a server is running on this queue, and its log changes; stop it, or look at a copy of the folder");
        }

        var reader = new LogReader(disk!);
        var contents = new LogContents(progress);
        var scanned = reader.Scan(contents, salvage, out var report);
        if (!scanned.Ok)
        {
            reader.Dispose();
            throw new CommandFailure(ExitCode.InputOutput, $"{folder}: {scanned}");
        }

        if (report is { Segments.Count: 0, Spares: 0, SetAside.Count: 0, Summary.Damages: 0 })
        {
            reader.Dispose();
            throw new CommandFailure(ExitCode.NoInput, $"{folder}: no queue's log is here");
        }

        return new OfflineLog(reader, contents, report!);
    }

    /// <summary>Writes a message's content; false when a part of it is not there.</summary>
    internal bool TryCopy(StoredMessage message, Stream? output)
    {
        long size = 0;
        foreach (var chunk in message.Chunks)
        {
            if (_reader.Read(chunk, _record, out var kind, out var length) != ReadResult.Success
                || kind != RecordKind.Content || length < ContentHeader)
            {
                return false;
            }

            output?.Write(_record.AsSpan(ContentHeader..length));
            size += length - ContentHeader;
        }

        return size == message.Size;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
