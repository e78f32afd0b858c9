using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Store;

/// <summary>Attempts, a line for each, in two files: when one is full, it takes the place of the older, of which little remains.</summary>
/// <param name="folder">The folder.</param>
/// <param name="log">The log.</param>
/// <param name="names">The files.</param>
/// <param name="leavesRemains">True when of each account and network the last one is kept for good; false when what is old is of no use.</param>
internal sealed class AttemptFile(DirectoryHandle folder, EventLog log, HistoryFiles names, bool leavesRemains) : IDisposable
{
    /// <summary>Bytes of a file; arbitrary: some 80,000 attempts.</summary>
    internal const int MaxSize = 8 * 1024 * 1024;

    private const uint Mode = 0x180; // 0600

    private FileHandle? _file;
    private long _size;
    private bool _hasFailed;

    // True when the file ends within a line: what is written next must not become a part of it.
    private bool _isCutOff;

    /// <summary>Every attempt that is kept, the oldest first.</summary>
    internal IEnumerable<LoginRecord> ReadAll() => names.All.SelectMany(name => Read(name.Span));

    /// <summary>Keeps an attempt. Logins go on without: a full disk must not lock users out.</summary>
    internal void Add(LoginRecord attempt)
    {
        var line = attempt.Write();
        var result = Open();
        if (result.Ok && _size + line.Length > MaxSize)
        {
            result = TurnOver();
        }

        if (result.Ok)
        {
            result = Append(line);
        }

        if (!result.Ok && !_hasFailed)
        {
            log.Warning("attempt-not-kept").Quoted("reason", result.ToString()).Write();
        }

        _hasFailed = !result.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private FileResult Append(ReadOnlySpan<byte> line)
    {
        if (_isCutOff)
        {
            var ended = _file!.Write(_size, "\n"u8);
            if (!ended.Ok)
            {
                return ended;
            }

            (_size, _isCutOff) = (_size + 1, false);
        }

        // A failure may leave a part of it behind, which the next line is written over.
        var written = _file!.Write(_size, line);
        _size += written.Ok ? line.Length : 0;
        return written;
    }

    private FileResult Open()
    {
        if (_file is not null)
        {
            return FileResult.Of(0);
        }

        var opened = folder.OpenFile(names.Current.Span, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoWait, Mode, out var file);
        if (!opened.Ok)
        {
            return opened;
        }

        Span<byte> last = stackalloc byte[1];
        var asked = file!.GetStatus(out var status);
        var read = asked.Ok && status.Size > 0 ? file.Read(status.Size - 1, last) : asked;
        if (!read.Ok)
        {
            file.Dispose();
            return read;
        }

        (_file, _size, _isCutOff) = (file, status.Size, status.Size > 0 && last[0] != '\n');
        return FileResult.Of(0);
    }

    /// <summary>Begins a new file, the full one becomes the older; while that can't be, nothing more is written.</summary>
    private FileResult TurnOver()
    {
        // A crash between the two leaves some lines in both, which does no harm.
        var replaced = leavesRemains ? KeepRemains() : FileResult.Of(0);
        replaced = replaced.Ok ? folder.Replace(names.Current.Span, names.Older.Span) : replaced;
        if (!replaced.Ok)
        {
            return replaced;
        }

        Dispose();
        _file = null;
        return Open();
    }

    private FileResult KeepRemains()
    {
        var remains = LoginHistory.Remains([.. Read(names.Remains.Span), .. Read(names.Older.Span)], MaxSize / 2);
        var opened = folder.OpenFile(names.Fresh.Span, OpenFlags.Write | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoWait, Mode, out var file);
        using (file)
        {
            var written = opened.Ok ? file!.Write(0, remains) : opened;
            return written.Ok ? folder.Replace(names.Fresh.Span, names.Remains.Span) : written;
        }
    }

    private List<LoginRecord> Read(ReadOnlySpan<byte> name)
    {
        var opened = folder.OpenFile(name, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        if (opened.Fault == FileFault.NotFound)
        {
            return [];
        }

        using (file)
        {
            FileStatus status = default;
            var read = opened.Ok ? file!.GetStatus(out status) : opened;
            var text = new byte[Math.Min(status.Size, MaxSize)];
            read = read.Ok ? file!.Read(0, text) : read;
            if (!read.Ok)
            {
                log.Warning("attempts-unreadable").Quoted("reason", read.ToString()).Write();
                return [];
            }

            return LoginHistory.Read(text.AsSpan(0, (int)read.Value));
        }
    }
}
