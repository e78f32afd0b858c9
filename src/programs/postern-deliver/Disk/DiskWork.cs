namespace Postern.Deliver.Disk;

/// <summary>Work that waits for the disk: done by a worker thread, told to the loop when it is complete.</summary>
/// <remarks>
/// Several works go through the three steps together, so that one sync of a folder covers the messages of all of them.
/// Nothing of a work is touched by the loop between its start and its completion, so it needs no lock.
/// </remarks>
internal abstract class DiskWork
{
    /// <summary>Called on the loop's thread when the work is complete.</summary>
    internal required Action<DiskWork> Completed { get; init; }

    /// <summary>Writes and syncs files.</summary>
    /// <param name="folders">The mailboxes that this round has open.</param>
    internal abstract void Write(OpenFolders folders);

    /// <summary>Moves finished files to where readers see them.</summary>
    internal virtual void Publish()
    {
    }

    /// <summary>Learns whether the folders were synced.</summary>
    internal virtual void Settle()
    {
    }
}
