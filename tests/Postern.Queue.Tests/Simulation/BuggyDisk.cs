using Postern.Posix.Files;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>A disk as a program with one of the mistakes uses it.</summary>
/// <param name="disk">The disk.</param>
/// <param name="bug">The mistake.</param>
/// <param name="keys">Receives the number and the epoch of every life of a file.</param>
internal sealed class BuggyDisk(SimulatedDisk disk, PlantedBug bug, List<SegmentKey> keys) : ISpoolDisk
{
    private readonly HashSet<string> _dropped = [];

    public void Dispose() => disk.Dispose();

    public FileResult Lock() => disk.Lock();

    public FileResult List(List<string> names) => disk.List(names);

    public FileResult Open(string name, out ISpoolFile? file) => Wrap(name, disk.Open(name, out file), ref file);

    public FileResult Create(string name, long size, out ISpoolFile? file) => Wrap(name, disk.Create(name, size, out file), ref file);

    public FileResult Rename(string name, string newName) => _dropped.Remove(name) ? FileResult.Of(0) : disk.Rename(name, newName);

    public FileResult Remove(string name) => disk.Remove(_dropped.Remove(name) ? Spare(name) : name);

    public FileResult Sync() => bug == PlantedBug.DirectoryNotSynced ? FileResult.Of(0) : disk.Sync();

    public FileResult GetFreeBytes() => disk.GetFreeBytes();

    /// <summary>Makes a spare of a segment, for good, whatever comes of the batch that frees it.</summary>
    internal void Drop(uint section)
    {
        var name = $"segment-{section:x8}";
        if (disk.Rename(name, Spare(name)).Ok && disk.Sync().Ok)
        {
            _dropped.Add(name);
        }
    }

    private static string Spare(string name) => name.Replace("segment", "spare", StringComparison.Ordinal);

    private FileResult Wrap(string name, FileResult result, ref ISpoolFile? file)
    {
        file = file is null ? null : new BuggyFile(file, bug, keys, name.StartsWith("spare", StringComparison.Ordinal));
        return result;
    }

    private sealed class BuggyFile(ISpoolFile file, PlantedBug bug, List<SegmentKey> keys, bool isSpare) : ISpoolFile
    {
        private bool _due;
        private bool _isSpare = isSpare;

        public long Size => file.Size;

        public FileResult Read(long offset, Span<byte> destination) => file.Read(offset, destination);

        public FileResult Write(long offset, ReadOnlySpan<byte> source)
        {
            if (_due)
            {
                _due = false;
                _ = file.Sync();
            }

            if (offset == 0 && SegmentHeader.TryRead(source, out var header))
            {
                keys.Add(header.Key);
            }

            return file.Write(offset, source);
        }

        public FileResult Sync()
        {
            if (bug == PlantedBug.AcknowledgedBeforeTheSync || (bug == PlantedBug.NamedBeforeItsHeader && _isSpare))
            {
                (_due, _isSpare) = (true, false);
                return FileResult.Of(0);
            }

            var result = file.Sync();
            return result.Ok || bug != PlantedBug.FailedSyncRetried ? result : file.Sync();
        }

        public void DropCache() => file.DropCache();

        public void Dispose() => file.Dispose();
    }
}
