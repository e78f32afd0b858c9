using Postern.Ipc.Slices;

namespace Postern.Supervisor.Tests;

/// <summary>Configurations as posternd sees them.</summary>
internal static class Slices
{
    /// <summary>One with its folders below a folder.</summary>
    internal static SupervisorSlice Of(string folder, bool systemUsers = false) => new()
    {
        State = folder + "/state",
        MailboxRoot = folder + "/mail",
        MailboxUser = "postern-mail",
        SystemUsers = systemUsers,
        Strict = false,
        Listeners = [],
    };
}
