using Postern.Posix.Files;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>Mistakes that the simulation must find: each was made by a real program once.</summary>
internal enum PlantedBug
{
    /// <summary>None: what ships.</summary>
    None,

    /// <summary>The directory is not synced after files were made or renamed.</summary>
    DirectoryNotSynced,

    /// <summary>A commit is reported before its sync.</summary>
    AcknowledgedBeforeTheSync,

    /// <summary>A failed sync is tried again, and the second one's success believed.</summary>
    FailedSyncRetried,

    /// <summary>Recovery takes what is whole, committed or not.</summary>
    CommitRecordIgnored,
}

/// <summary>Plants them.</summary>
internal static class Planted
{
    internal static IRecordLog Log(PlantedBug bug, SimulatedDisk disk, LogOptions options)
    {
        disk.ForgivesRetries = bug == PlantedBug.FailedSyncRetried;
        return new SegmentLog(
            bug is PlantedBug.DirectoryNotSynced or PlantedBug.AcknowledgedBeforeTheSync or PlantedBug.FailedSyncRetried
                ? new BuggyDisk(disk, bug)
                : disk,
            options with { TakesUncommitted = bug == PlantedBug.CommitRecordIgnored });
    }

    /// <summary>A disk as a program with one of the mistakes uses it.</summary>
    private sealed class BuggyDisk(SimulatedDisk disk, PlantedBug bug) : ISpoolDisk
    {
        public void Dispose() => disk.Dispose();

        public FileResult Lock() => disk.Lock();

        public FileResult List(List<string> names) => disk.List(names);

        public FileResult Open(string name, out ISpoolFile? file) => Wrap(disk.Open(name, out file), ref file);

        public FileResult Create(string name, long size, out ISpoolFile? file) => Wrap(disk.Create(name, size, out file), ref file);

        public FileResult Rename(string name, string newName) => disk.Rename(name, newName);

        public FileResult Remove(string name) => disk.Remove(name);

        public FileResult Sync() => bug == PlantedBug.DirectoryNotSynced ? FileResult.Of(0) : disk.Sync();

        public FileResult GetFreeBytes() => disk.GetFreeBytes();

        private FileResult Wrap(FileResult result, ref ISpoolFile? file)
        {
            file = file is null ? null : new BuggyFile(file, bug);
            return result;
        }
    }

    private sealed class BuggyFile(ISpoolFile file, PlantedBug bug) : ISpoolFile
    {
        private bool _due;

        public long Size => file.Size;

        public FileResult Read(long offset, Span<byte> destination) => file.Read(offset, destination);

        public FileResult Write(long offset, ReadOnlySpan<byte> source)
        {
            if (_due)
            {
                _due = false;
                _ = file.Sync();
            }

            return file.Write(offset, source);
        }

        public FileResult Sync()
        {
            if (bug == PlantedBug.AcknowledgedBeforeTheSync)
            {
                _due = true;
                return FileResult.Of(0);
            }

            var result = file.Sync();
            return result.Ok || bug != PlantedBug.FailedSyncRetried ? result : file.Sync();
        }

        public void DropCache() => file.DropCache();

        public void Dispose() => file.Dispose();
    }
}
