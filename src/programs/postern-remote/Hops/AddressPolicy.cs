using Postern.Text;

namespace Postern.Remote.Hops;

/// <summary>Says whether a name server's word may make us connect to an address.</summary>
/// <remarks>
/// Whoever owns a domain writes its MX records, and mail to it is easily provoked: without this, remote would be a hand
/// inside the firewall for everybody (attack I7). It is asked about the very address that is then connected to.
/// </remarks>
/// <param name="AllowPrivate">True leaves everything to the name servers: for networks without public addresses.</param>
/// <param name="Own">Addresses at which this host listens.</param>
internal sealed record AddressPolicy(bool AllowPrivate, IReadOnlySet<IpAddress> Own)
{
    /// <summary>Says whether this host has an address that is not listed: it may listen on all of them. Null asks nobody.</summary>
    internal Func<IpAddress, bool>? Recognises { get; init; }

    /// <summary>True when the address may be connected to.</summary>
    internal bool Allows(IpAddress address) =>
        AllowPrivate || (address.IsPublic && !Own.Contains(address) && (Recognises is null || !Recognises(address)));
}
