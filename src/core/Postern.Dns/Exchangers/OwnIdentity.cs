using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Exchangers;

/// <summary>By what this host recognises itself among the exchangers of a domain whose mail it does not keep.</summary>
/// <param name="Names">Its host names.</param>
/// <param name="Addresses">
/// Addresses at which others reach it. Not needed for the loopback and private ones that the caller refuses in any case.
/// </param>
public sealed record OwnIdentity(IReadOnlySet<DnsName> Names, IReadOnlySet<IpAddress> Addresses)
{
    /// <summary>Says of any other address whether this host has it: who listens everywhere has more than it can list. Null asks nobody.</summary>
    public Func<IpAddress, bool>? Recognises { get; init; }

    /// <summary>True when there is anything to recognise an address by.</summary>
    internal bool KnowsAddresses => Addresses.Count > 0 || Recognises is not null;

    /// <summary>True for an address of this host.</summary>
    internal bool Has(IpAddress address) => Addresses.Contains(address) || (Recognises is not null && Recognises(address));

    /// <summary>A host that would not recognise itself.</summary>
    public static OwnIdentity None { get; } = new(new HashSet<DnsName>(), new HashSet<IpAddress>());
}
