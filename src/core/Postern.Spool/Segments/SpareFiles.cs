using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>Free segments, whose disk space is reserved so that what must be written can be written on a full disk.</summary>
internal sealed class SpareFiles(ISpoolDisk disk, LogOptions options) : IDisposable
{
    private static readonly byte[] _zeros = new byte[1 << 20];

    private readonly List<Spare> _spares = [];

    internal int Count => _spares.Count;

    /// <summary>How many more could be reserved now.</summary>
    internal long Possible => Math.Max(0, disk.GetFreeBytes() is { Ok: true } free ? (free.Value - options.MinFreeBytes) / options.SegmentBytes : 0);

    /// <summary>Takes over a spare of an earlier run. One that was cut short or has another length is removed.</summary>
    internal void Adopt(string name)
    {
        if (disk.Open(name, out var file).Ok && file!.Size == options.SegmentBytes)
        {
            // How much of it was written is not known; at worst it is slower.
            _spares.Add(new Spare(name, file) { Zeroed = file.Size });
            return;
        }
        file?.Dispose();
        _ = disk.Remove(name);
    }

    /// <summary>Reserves one more segment, when the disk has room for it.</summary>
    /// <param name="number">Where to begin looking for a number that no other file has; not 0, which is no number of ours.</param>
    internal FileResult Create(uint number)
    {
        var free = disk.GetFreeBytes();
        if (!free.Ok) return free;
        if (free.Value < options.SegmentBytes + options.MinFreeBytes) return FileResult.Failure(NoSpace);
        // What can't be taken over and can't be removed must not keep us from starting.
        string name = SpoolNames.Of(SpoolNames.Spare, number);
        var result = disk.Create(name, options.SegmentBytes, out var file);
        for (int tries = 0; result.Fault == FileFault.Exists && tries < MaxTries; tries++)
        {
            name = SpoolNames.Of(SpoolNames.Spare, unchecked(++number));
            result = disk.Create(name, options.SegmentBytes, out file);
        }
        if (file is null) return result;
        // A spare whose reservation is lost in a crash is found too short at the next start.
        _spares.Add(new Spare(name, file) { Zeroed = options.ZeroedPerCall > 0 ? 0 : file.Size });
        return result;
    }

    /// <summary>Makes a freed segment a spare, or removes it when there are enough.</summary>
    internal FileResult Recycle(uint number, long size)
    {
        string name = SpoolNames.Of(SpoolNames.Segment, number);
        if (size != options.SegmentBytes || Count >= options.MaxSpares) return disk.Remove(name);
        string spare = SpoolNames.Of(SpoolNames.Spare, number);
        var result = disk.Rename(name, spare);
        if (result.Fault == FileFault.Exists) return disk.Remove(name);
        if (result.Ok) Adopt(spare);
        return result;
    }

    /// <summary>Gives out the spare that is best prepared.</summary>
    internal (string Name, ISpoolFile File) Take()
    {
        var best = _spares[0];
        foreach (var spare in _spares)
            if (spare.Zeroed > best.Zeroed) best = spare;
        _spares.Remove(best);
        return (best.Name, best.File);
    }

    /// <summary>Keeps a spare that was taken and could not be used.</summary>
    internal void Return(string name, ISpoolFile file) => _spares.Add(new Spare(name, file) { Zeroed = file.Size });

    /// <summary>Writes the next part of a spare that was never written, and has the system begin to put it on the disk.</summary>
    /// <param name="bytes">How much.</param>
    internal FileResult Zero(int bytes)
    {
        var spare = _spares.Find(candidate => candidate.Zeroed < candidate.File.Size);
        if (spare is null) return FileResult.Of(0);
        long end = Math.Min(spare.File.Size, spare.Zeroed + bytes);
        while (spare.Zeroed < end)
        {
            int length = (int)Math.Min(_zeros.Length, end - spare.Zeroed);
            var result = spare.File.Write(spare.Zeroed, _zeros.AsSpan(0, length));
            if (!result.Ok) return result;
            spare.Zeroed += length;
        }
        // Otherwise the sync that makes it a segment would have to wait for all of it.
        spare.File.DropCache();
        return FileResult.Of(end);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var spare in _spares) spare.File.Dispose();
        _spares.Clear();
    }

    private const int NoSpace = 28; // ENOSPC

    /// <summary>Names that are tried for a new spare: more than there ever are.</summary>
    private const int MaxTries = 64;

    /// <summary>One free segment.</summary>
    private sealed class Spare(string name, ISpoolFile file)
    {
        internal string Name { get; } = name;

        internal ISpoolFile File { get; } = file;

        /// <summary>How many of its bytes were written at some time.</summary>
        internal long Zeroed { get; set; }
    }
}
