using Postern.Role.Confining;

namespace Postern.Remote;

/// <summary>What postern-remote may do; the kernel refuses it the rest.</summary>
internal static class RemoteDeclaration
{
    /// <summary>What it does in its folder.</summary>
    internal const FileUse Beneath = FileUse.Read | FileUse.List | FileUse.Change;

    /// <summary>Besides, where a route leads to a socket of this host.</summary>
    internal const SocketUse LocalSockets = SocketUse.Unix;

    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new() { Files = Beneath, Sockets = SocketUse.Tcp | SocketUse.Udp };
}
