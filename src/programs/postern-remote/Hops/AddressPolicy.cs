using Postern.Text;

namespace Postern.Remote.Hops;

/// <summary>Says whether a name server's word may make us connect to an address.</summary>
/// <remarks>
/// Whoever owns a domain writes its MX records, and mail to it is easily provoked: without this, remote would be a hand
/// inside the firewall for everybody (SECURITY I7). It is asked about the very address that is then connected to.
/// </remarks>
internal sealed record AddressPolicy(bool AllowPrivate, IReadOnlySet<IpAddress> Own)
{
    /// <summary>True when the address may be connected to.</summary>
    internal bool Allows(IpAddress address) => AllowPrivate || (address.IsPublic && !Own.Contains(address));
}
