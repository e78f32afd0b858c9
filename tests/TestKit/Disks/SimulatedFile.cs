using Postern.Posix.Files;

namespace Postern.TestKit;

/// <summary>A file of a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedFile
{
    private const int Sector = 512;

    private readonly SimulatedDisk _disk;
    private readonly byte[] _durable;
    private readonly List<(long Offset, byte[] Bytes)> _waiting = [];
    private bool _failed;

    internal SimulatedFile(SimulatedDisk disk, byte[] content)
    {
        _disk = disk;
        _durable = [.. content];
        Shown = [.. content];
    }

    /// <summary>What a read shows: what memory holds of the file, written to the disk or not.</summary>
    internal byte[] Shown { get; private set; }

    /// <summary>True until the first sync: the file's length itself may be lost.</summary>
    internal bool IsNew { get; set; }

    internal long Size => Shown.Length;

    internal FileResult Read(long offset, Span<byte> destination)
    {
        int length = (int)Math.Clamp(Shown.Length - offset, 0, destination.Length);
        Shown.AsSpan((int)Math.Min(offset, Shown.Length), length).CopyTo(destination);
        return FileResult.Of(length);
    }

    internal FileResult Write(long offset, ReadOnlySpan<byte> source)
    {
        bool fails = _disk.WriteFails();
        if (fails) source = source[..(source.Length / 2)];
        if (offset + source.Length > Shown.Length) throw new InvalidOperationException("The log writes behind a segment's end.");
        source.CopyTo(Shown.AsSpan((int)offset));
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
        foreach (var (offset, bytes) in _waiting) bytes.CopyTo(_durable, offset);
        _waiting.Clear();
        IsNew = false;
        return FileResult.Of(0);
    }

    internal void DropCache()
    {
        if (_waiting.Count == 0) Shown = [.. _durable];
    }

    internal SimulatedFile Copy(SimulatedDisk disk)
    {
        var copy = new SimulatedFile(disk, _durable) { Shown = [.. Shown], IsNew = IsNew };
        copy._waiting.AddRange(_waiting);
        return copy;
    }

    internal byte[] AfterCrash(Func<bool> keeps)
    {
        byte[] left = [.. _durable];
        foreach (var (offset, bytes) in _waiting)
        {
            // Sectors of the file, not of the write: the disk knows of no others.
            for (long at = offset; at < offset + bytes.Length; at = ((at / Sector) + 1) * Sector)
            {
                int length = (int)Math.Min(offset + bytes.Length, ((at / Sector) + 1) * Sector) - (int)at;
                if (keeps()) bytes.AsSpan((int)(at - offset), length).CopyTo(left.AsSpan((int)at));
            }
        }
        return IsNew && !keeps() ? [] : left;
    }
}
