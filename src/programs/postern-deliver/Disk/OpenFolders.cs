using Postern.Deliver.Maildir;
using Postern.Posix.Files;

namespace Postern.Deliver.Disk;

/// <summary>What works need to reach mailboxes.</summary>
/// <param name="Calls">The steps.</param>
/// <param name="Bases">Where mailboxes lie.</param>
/// <param name="Names">Names of messages.</param>
internal sealed record MaildirAccess(MaildirCalls Calls, MailboxBases Bases, MessageNames Names);

/// <summary>The mailboxes that one round of works has open: each is opened once and synced once.</summary>
/// <remarks>
/// They are closed after the round. Keeping them open saved some five microseconds a message when tried, and would hold on
/// to folders that were meanwhile moved or replaced.
/// </remarks>
internal sealed class OpenFolders(MaildirAccess access) : IDisposable
{
    private readonly List<(MaildirFolder Folder, FileResult? Synced)> _open = [];

    /// <summary>What opened them.</summary>
    internal MaildirAccess Access => access;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (folder, _) in _open)
        {
            folder.Dispose();
        }
    }

    /// <summary>Opens a mailbox, unless this round has it open already.</summary>
    internal FileResult Open(MailboxPlace place, out MaildirFolder? folder)
    {
        foreach (var (open, _) in _open)
        {
            if (open.Place == place)
            {
                folder = open;
                return FileResult.Of(0);
            }
        }

        var opened = MaildirFolder.Open(access.Calls, access.Bases, place, out folder);
        if (opened.Ok)
        {
            _open.Add((folder!, null));
        }

        return opened;
    }

    /// <summary>Syncs the names of a mailbox that was opened here, once for the whole round.</summary>
    /// <remarks>All messages of the round were moved before the first of them asks, so each of them is covered.</remarks>
    internal FileResult SyncOnce(MaildirFolder folder)
    {
        var at = _open.FindIndex(one => one.Folder == folder);
        if (_open[at].Synced is { } synced)
        {
            return synced;
        }

        synced = folder.SyncNew();
        _open[at] = (folder, synced);
        return synced;
    }
}
