using Postern.Posix.Files;

namespace Postern.TestKit;

/// <summary>A file of a <see cref="SimulatedDisk"/>.</summary>
/// <remarks>Contents are shared until one of those that share them is written to: a simulation makes very many files.</remarks>
internal sealed class SimulatedFile
{
    private const int Sector = 512;

    private readonly SimulatedDisk _disk;
    private readonly List<(long Offset, byte[] Bytes)> _waiting = [];
    private byte[] _durable;
    private byte[] _shown;
    private bool _ownsDurable;
    private bool _ownsShown;
    private bool _failed;

    /// <param name="disk">Where it is.</param>
    /// <param name="content">What is in it; nobody may write there afterwards.</param>
    internal SimulatedFile(SimulatedDisk disk, byte[] content) => (_disk, _durable, _shown) = (disk, content, content);

    /// <summary>What a read shows: what memory holds of the file, written to the disk or not.</summary>
    internal ReadOnlySpan<byte> Shown => _shown;

    /// <summary>The same, to be kept for a while.</summary>
    internal ReadOnlyMemory<byte> Content => _shown;

    /// <summary>True until the first sync: the file's length itself may be lost.</summary>
    internal bool IsNew { get; set; }

    internal long Size => _shown.Length;

    internal FileResult Read(long offset, Span<byte> destination)
    {
        int length = (int)Math.Clamp(_shown.Length - offset, 0, destination.Length);
        _disk.Reads++;
        _disk.ReadBytes += length;
        _shown.AsSpan((int)Math.Min(offset, _shown.Length), length).CopyTo(destination);
        return FileResult.Of(length);
    }

    internal FileResult Write(long offset, ReadOnlySpan<byte> source)
    {
        bool fails = _disk.WriteFails();
        if (fails) source = source[..(source.Length / 2)];
        if (offset + source.Length > _shown.Length) throw new InvalidOperationException("The log writes behind a segment's end.");
        source.CopyTo(Own(ref _shown, ref _ownsShown).AsSpan((int)offset));
        _waiting.Add((offset, source.ToArray()));
        return fails ? FileResult.Failure(_disk.WriteError) : FileResult.Of(source.Length);
    }

    internal FileResult Sync()
    {
        if (_failed && !_disk.ForgivesRetries) throw new InvalidOperationException("A failed sync was tried again.");
        if (_disk.SyncFails())
        {
            // As Linux does: the pages are called clean, stay readable, and are not on the disk.
            _waiting.Clear();
            _failed = true;
            return FileResult.Failure(5);
        }
        foreach (var (offset, bytes) in _waiting) bytes.CopyTo(Own(ref _durable, ref _ownsDurable), offset);
        _waiting.Clear();
        IsNew = false;
        return FileResult.Of(0);
    }

    internal void DropCache()
    {
        if (_waiting.Count > 0) return;
        _shown = _durable;
        _ownsShown = _ownsDurable = false;
    }

    internal SimulatedFile Copy(SimulatedDisk disk)
    {
        _ownsShown = _ownsDurable = false;
        var copy = new SimulatedFile(disk, _durable) { _shown = _shown, IsNew = IsNew };
        copy._waiting.AddRange(_waiting);
        return copy;
    }

    /// <summary>What a crash leaves of it; nobody may write there.</summary>
    internal byte[] AfterCrash(Func<bool> keeps)
    {
        byte[] left = _durable;
        bool owns = _ownsDurable = false;
        foreach (var (offset, bytes) in _waiting)
        {
            // Sectors of the file, not of the write: the disk knows of no others.
            for (long at = offset; at < offset + bytes.Length; at = ((at / Sector) + 1) * Sector)
            {
                int length = (int)Math.Min(offset + bytes.Length, ((at / Sector) + 1) * Sector) - (int)at;
                if (keeps()) bytes.AsSpan((int)(at - offset), length).CopyTo(Own(ref left, ref owns).AsSpan((int)at));
            }
        }
        return IsNew && !keeps() ? [] : left;
    }

    private static byte[] Own(ref byte[] content, ref bool owned)
    {
        if (!owned) content = [.. content];
        owned = true;
        return content;
    }
}
