using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>Makes a disk fail in one of the ways in which disks do.</summary>
internal static class SimDiskFault
{
    private const int ReadOnly = 30; // EROFS
    private const int NoSpace = 28; // ENOSPC
    private const int InputOutput = 5; // EIO

    /// <summary>Plans one fault, or none, for the next run.</summary>
    internal static void Plan(SimulatedDisk disk, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                disk.FailingSync = disk.Syncs + random.Next(1, 60);
                break;
            case 1:
                disk.FailingWrite = disk.Writes + random.Next(1, 120);
                disk.WriteError = random.Next(3) switch { 0 => InputOutput, 1 => ReadOnly, _ => NoSpace };
                break;
            case 2:
            case 3:
            case 4:
                disk.DeadlySync = disk.Syncs + random.Next(1, 60);
                break;
            case 5:
                // Room for a few segments more than there are.
                disk.Capacity = disk.UsedBytes + (random.Next(4) * SimWorld.SegmentBytes);
                break;
            default:
                break;
        }
    }
}
