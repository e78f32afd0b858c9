using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Store;

/// <summary>What was tried, a line for each attempt, in two files: when one is full, it takes the place of the older.</summary>
/// <param name="folder">The folder.</param>
/// <param name="log">The log.</param>
internal sealed class AttemptFile(DirectoryHandle folder, EventLog log) : IDisposable
{
    /// <summary>Bytes of a file; arbitrary: some 80,000 attempts.</summary>
    internal const int MaxSize = 8 * 1024 * 1024;

    private const uint Mode = 0x180; // 0600

    private FileHandle? _file;
    private long _size;
    private bool _hasFailed;

    /// <summary>The file's name, and that of the one before it.</summary>
    internal static ReadOnlySpan<byte> FileName => "attempts"u8;

    internal static ReadOnlySpan<byte> OlderName => "attempts.1"u8;

    /// <summary>Every attempt that is kept, the oldest first.</summary>
    internal IEnumerable<LoginRecord> ReadAll() => [.. Read(OlderName), .. Read(FileName)];

    /// <summary>Keeps an attempt. Logins go on without: a full disk must not lock users out.</summary>
    internal void Add(LoginRecord attempt)
    {
        var line = attempt.Write();
        var opened = Open();
        if (opened.Ok && _size + line.Length > MaxSize)
        {
            TurnOver();
            opened = Open();
        }

        var written = opened.Ok ? _file!.Write(_size, line) : opened;
        if (written.Ok)
        {
            _size += line.Length;
            _hasFailed = false;
        }
        else if (!_hasFailed)
        {
            _hasFailed = true;
            log.Warning("attempt-not-kept").Quoted("reason", written.ToString()).Write();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private FileResult Open()
    {
        if (_file is not null)
        {
            return FileResult.Of(0);
        }

        var opened = folder.OpenFile(FileName, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoWait, Mode, out _file);
        if (opened.Ok && _file!.GetStatus(out var status).Ok)
        {
            _size = status.Size;
        }

        return opened;
    }

    private void TurnOver()
    {
        _file?.Dispose();
        _file = null;
        _ = folder.Replace(FileName, OlderName);
        _size = 0;
    }

    private List<LoginRecord> Read(ReadOnlySpan<byte> name)
    {
        var attempts = new List<LoginRecord>();
        if (!folder.OpenFile(name, OpenFlags.Read | OpenFlags.NoWait, 0, out var file).Ok)
        {
            return attempts;
        }

        using (file)
        {
            var text = new byte[MaxSize];
            var read = file!.Read(0, text);
            // A line that a crash cut off is none.
            foreach (var range in text.AsSpan(0, (int)read.Value).Split((byte)'\n'))
            {
                if (LoginRecord.Read(text.AsSpan(0, (int)read.Value)[range]) is { } attempt)
                {
                    attempts.Add(attempt);
                }
            }
        }

        return attempts;
    }
}
