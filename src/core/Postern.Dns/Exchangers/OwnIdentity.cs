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
    /// <summary>A host that would not recognise itself.</summary>
    public static OwnIdentity None { get; } = new(new HashSet<DnsName>(), new HashSet<IpAddress>());
}
