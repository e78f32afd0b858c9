using System.Text;
using Postern.Posix.Sockets;

namespace Postern.Remote.Hops;

/// <summary>An address to connect to, and how it stands in results: <c>name [address]:port</c> or a path.</summary>
internal sealed record HopTarget(SocketAddress Address, string Name)
{
    /// <summary>The words for results.</summary>
    internal byte[] Text { get; } = Encoding.ASCII.GetBytes(
        Address.IsUnix ? Address.Path! : $"{Name}{(Name.Length > 0 ? " " : string.Empty)}[{Address.Address}]:{Address.Port}");
}
