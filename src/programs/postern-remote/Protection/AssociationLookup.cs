using System.Globalization;
using System.Text;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Tls.Sessions;

namespace Postern.Remote.Protection;

/// <summary>What a host publishes of its certificate or key: one of three outcomes (RFC 7672 §2.2).</summary>
internal abstract record PublishedAssociations
{
    private PublishedAssociations()
    {
    }

    /// <summary>It publishes associations; none of a kind that we can use still means that it does TLS (RFC 7672 §2.2).</summary>
    /// <param name="Base">The name that they stand below.</param>
    /// <param name="Usable">Those of a kind that we can use.</param>
    internal sealed record Found(DnsName Base, IReadOnlyList<TlsAssociation> Usable) : PublishedAssociations;

    /// <summary>It publishes nothing that could be believed.</summary>
    internal sealed record None : PublishedAssociations;

    /// <summary>Nobody could say: whoever suppresses an answer must not be able to switch it off.</summary>
    internal sealed record Unavailable : PublishedAssociations;
}

/// <summary>Looks up TLSA records (RFC 6698 §3, RFC 7672 §2.2.2).</summary>
internal sealed class AssociationLookup(INameResolver names)
{
    /// <summary>Associations that are looked at. Arbitrary: hosts have one to four.</summary>
    private const int MaxAssociations = 32;

    /// <summary>Looks them up.</summary>
    /// <param name="host">The name of the host as the route has it.</param>
    /// <param name="canonical">Where its aliases lead: asked first.</param>
    /// <param name="port">The port that will be connected to.</param>
    internal async ValueTask<PublishedAssociations> FindAsync(DnsName host, DnsName canonical, ushort port)
    {
        var found = await FindAsync(canonical, port);
        return found is PublishedAssociations.None && !canonical.Equals(host) ? await FindAsync(host, port) : found;
    }

    private async ValueTask<PublishedAssociations> FindAsync(DnsName host, ushort port)
    {
        var label = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"_{port}"));
        if (!host.TryPrepend("_tcp"u8, out var service) || !service.TryPrepend(label, out var name))
        {
            return new PublishedAssociations.None(); // Too long to exist.
        }

        return await names.ResolveAsync(new DnsQuestion(name, DnsType.Tlsa)) switch
        {
            Resolution.Found { IsAuthenticated: true } found => new PublishedAssociations.Found(host, Usable(found.Records)),
            Resolution.Unavailable => new PublishedAssociations.Unavailable(),
            _ => new PublishedAssociations.None(),
        };
    }

    private static List<TlsAssociation> Usable(IReadOnlyList<DnsRecord> records) =>
    [
        .. records.OfType<CertificateAssociationRecord>()
            .Select(record => new TlsAssociation(record.Usage, record.Selector, record.MatchingType, record.Association))
            .Where(association => association.IsUsable)
            .Take(MaxAssociations),
    ];
}
