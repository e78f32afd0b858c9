using Postern.Ipc.Slices;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>The folders that must exist before the programs start, with owner and mode.</summary>
internal static class StateFolders
{
    private const uint Private = 0x1c0; // 0700
    private const uint Readable = 0x1ed; // 0755

    /// <summary>Makes what is missing and judges what is there.</summary>
    /// <returns>Null, or a sentence that names the folder and what is wrong with it.</returns>
    internal static string? Prepare(SupervisorSlice configuration)
    {
        var self = new SystemUser("self", OwnProcess.User, OwnProcess.Group, StageOrder.NoHome);
        return Prepare(configuration, name => OwnProcess.User == 0 ? Programs.FindUser(name)! : self, self);
    }

    /// <summary>The same, for given users.</summary>
    internal static string? Prepare(SupervisorSlice configuration, Func<string, SystemUser> find, SystemUser self)
    {
        var mail = find(configuration.MailboxUser);
        return
            Ensure(configuration.State, Readable, self)
            ?? Ensure(Path.Join(configuration.State, "run"), Readable, self)
            ?? Ensure(Path.Join(configuration.State, "queue"), Private, find("postern-queue"))
            ?? Ensure(Path.Join(configuration.State, "auth"), Private, find("postern-auth"))
            ?? Ensure(Path.Join(configuration.State, "tls"), Private, find("postern-tls"))
            ?? Ensure(Path.Join(configuration.State, "remote"), Private, find("postern-out"))
            ?? Ensure(Path.Join(configuration.State, "postmaster"), Private, mail)
            ?? Ensure(configuration.MailboxRoot, Private, mail);
    }

    private static string? Ensure(string path, uint mode, SystemUser owner) =>
        OwnedFolder.Ensure(path, mode, owner.Uid, owner.Gid) is { } problem ? $"{path}: {problem}" : null;
}
