using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>Mistakes that the simulation must find: each is one that a real program has made, or that one of our own guards is there for.</summary>
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

    /// <summary>A segment gets its name before its header is on the disk.</summary>
    NamedBeforeItsHeader,

    /// <summary>
    /// Nothing tells a record from one that an earlier life of the file left behind: neither epoch nor the numbers of segment
    /// and batch. One of them alone is enough, so all have to be taken away; RecycledFileTests shows it for each.
    /// </summary>
    OldRecordsRead,

    /// <summary>A segment is let go as soon as what lived in it was written anew, before that is durable.</summary>
    FreedBeforeItsCopy,

    /// <summary>A segment between others is freed although no checkpoint says what its results said.</summary>
    FreedWithoutCheckpoint,

    /// <summary>A checkpoint begins behind a batch of which the table does not know yet.</summary>
    CheckpointWithoutTheUnsettled,

    /// <summary>A result is written down for the recipient before the one that it is of.</summary>
    ResultOfAnother,

    /// <summary>A message counts as finished before its sender was told.</summary>
    DebtForgotten,

    /// <summary>Ids go on from the messages that are queued, not from every start there ever was.</summary>
    IdsFromTheTable,
}

/// <summary>Plants them.</summary>
internal static class Planted
{
    internal static IRecordLog Log(PlantedBug bug, SimulatedDisk disk, List<SegmentKey> keys, LogOptions options)
    {
        disk.ForgivesRetries = bug == PlantedBug.FailedSyncRetried;
        if (bug == PlantedBug.None) return new SegmentLog(disk, options);
        var buggy = new BuggyDisk(disk, bug, keys);
        return new BuggyLog(
            new SegmentLog(buggy, options with
            {
                TakesUncommitted = bug == PlantedBug.CommitRecordIgnored,
                FreesWithoutCheckpoint = bug == PlantedBug.FreedWithoutCheckpoint,
            }),
            bug,
            buggy);
    }

    /// <summary>What is wrong with a run from its start.</summary>
    internal static void Begin(PlantedBug bug, QueueCore core)
    {
        if (bug != PlantedBug.IdsFromTheTable) return;
        ulong highest = 1ul << 32;
        for (var message = 0; message < core.Table.Messages.Bound; message++)
        {
            highest = Math.Max(highest, core.Table.Messages[message].Id);
        }

        var chance = core.Chance;
        core.Chance = () => 0;
        core.BeginIds((uint)(highest >> 32));
        core.Chance = chance;
    }

    /// <summary>What is wrong with the disk between two runs.</summary>
    internal static void Between(PlantedBug bug, SimulatedDisk disk, List<SegmentKey> keys)
    {
        if (bug == PlantedBug.OldRecordsRead)
        {
            Leftovers.Revive(disk, keys);
        }
    }
}
