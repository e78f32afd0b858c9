using Postern.Role.Confining;

namespace Postern.Acme;

/// <summary>What postern-acme may do; the kernel refuses it the rest.</summary>
internal static class AcmeDeclaration
{
    /// <summary>Whatever its slice says.</summary>
    internal static readonly Declaration Own = new()
    {
        Files = FileUse.Read,
        Sockets = SocketUse.Accept | SocketUse.Tcp | SocketUse.Udp,
    };
}
