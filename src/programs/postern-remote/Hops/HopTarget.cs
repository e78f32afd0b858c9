using System.Text;
using Postern.Dns.Wire;
using Postern.Posix.Sockets;

namespace Postern.Remote.Hops;

/// <summary>An address to connect to, and how it stands in results: <c>name [address]:port</c> or a path.</summary>
internal sealed record HopTarget(SocketAddress Address, string Name)
{
    /// <summary>What name servers said of it; null when none was asked.</summary>
    internal TargetOrigin? Origin { get; init; }

    /// <summary>The words for results.</summary>
    internal byte[] Text { get; } = Encoding.ASCII.GetBytes(
        Address.IsUnix ? Address.Path! : $"{Name}{(Name.Length > 0 ? " " : string.Empty)}[{Address.Address}]:{Address.Port}");
}

/// <summary>How an address was found.</summary>
/// <param name="Host">The host that was looked up.</param>
/// <param name="CanonicalName">Where its aliases lead.</param>
/// <param name="IsAuthenticated">True when each answer on the way to it was verified (DNSSEC).</param>
internal sealed record TargetOrigin(DnsName Host, DnsName CanonicalName, bool IsAuthenticated);
