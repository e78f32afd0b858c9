using Postern.Role.Confining;

namespace Postern.Prisoner;

/// <summary>The declarations that tests adopt: those of the programs, and their parts.</summary>
internal static class Declarations
{
    private const FileUse Everything = FileUse.Read | FileUse.List | FileUse.Change | FileUse.MakeFolders | FileUse.Move;

    /// <summary>Each with a name for command lines.</summary>
    internal static readonly IReadOnlyDictionary<string, Declaration> Each = new Dictionary<string, Declaration>
    {
        ["nothing"] = Declaration.Nothing,
        ["smtpd"] = new() { Sockets = SocketUse.Accept | SocketUse.HandOver },
        ["auth"] = new() { Files = FileUse.Read | FileUse.List | FileUse.Change },
        ["auth with Dovecot"] = new() { Files = FileUse.Read | FileUse.List | FileUse.Change, Sockets = SocketUse.Unix },
        ["tls"] = new() { Files = FileUse.Read, Sockets = SocketUse.TakeOver },
        ["remote"] = new() { Sockets = SocketUse.Tcp | SocketUse.Udp | SocketUse.Unix },
        ["queue"] = new() { Files = FileUse.Read | FileUse.List | FileUse.Change, Sockets = SocketUse.Accept },
        ["directory"] = new() { Files = FileUse.Read },
        ["config"] = new() { Files = FileUse.Read, Terminal = true },
        ["deliver"] = new() { Files = Everything },
        ["tcp"] = new() { Sockets = SocketUse.Tcp },
        ["udp"] = new() { Sockets = SocketUse.Udp },
        ["unix"] = new() { Sockets = SocketUse.Unix },
    };
}
