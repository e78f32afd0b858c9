using Postern.Ipc.Control;
using Postern.Ipc.Slices;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>Whom mail may be delivered as (attack F7): never root, never a system account, without root the caller alone.</summary>
internal static class DeliverRules
{
    /// <summary>Decides.</summary>
    /// <param name="name">A system user, or empty for the owner of the virtual mailboxes; it comes from <c>local</c> and is not trusted.</param>
    /// <param name="configuration">What the administrator wants.</param>
    /// <param name="own">Who we are.</param>
    /// <param name="find">Looks a user up in the password file.</param>
    /// <param name="account">Whom to start as; null as we are.</param>
    internal static DeliverStart Judge(string name, SupervisorSlice configuration, uint own, Func<string, SystemUser?> find, out SystemUser? account)
    {
        account = null;
        if (name.Length == 0)
        {
            account = own == 0 ? find(configuration.MailboxUser) : null;
            return own != 0 || account is { Uid: not 0, Gid: not 0 } ? DeliverStart.Started : DeliverStart.NoUser;
        }

        account = configuration.SystemUsers ? find(name) : null;
        if (account is null)
        {
            return DeliverStart.NoUser;
        }

        return (own == 0 || own == account.Uid) && IsPerson(account) ? DeliverStart.Started : DeliverStart.Forbidden;
    }

    /// <summary>Why the configuration can't be honoured by whom we run as; else null.</summary>
    /// <param name="configuration">What the administrator wants.</param>
    /// <param name="own">Who we are.</param>
    /// <param name="caller">Our own line in the password file.</param>
    internal static string? Fault(SupervisorSlice configuration, uint own, SystemUser? caller) =>
        own == 0 || !configuration.SystemUsers || (caller is not null && IsPerson(caller)) ? null
            : $"[mailboxes] system = true: without root it serves the account of the caller alone, and uid {own} is not a person's";

    private static bool IsPerson(SystemUser account) =>
        account.Uid is >= PasswordFile.FirstPersonUid and not PasswordFile.NobodyUid && account.Gid != 0;
}
