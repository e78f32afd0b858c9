using Postern.Dns.Resolving;
using Postern.Dns.Wire;

namespace Postern.Dns.Exchangers;

/// <summary>Finds the hosts that take mail for a domain (RFC 5321 §5).</summary>
public sealed class MailExchangers(INameResolver resolver, IRandomSource random, OwnIdentity self)
{
    /// <summary>False where this host has no IPv6: then IPv6 addresses are not even asked for.</summary>
    public bool UsesIPv6 { get; init; } = true;

    /// <summary>
    /// Looks up the MX records of a domain. Aliases have been followed: the name that they lead to stands for the domain
    /// (RFC 5321 §5.1).
    /// </summary>
    public async ValueTask<MailRoute> FindAsync(DnsName domain)
    {
        switch (await resolver.ResolveAsync(new DnsQuestion(domain, DnsType.Mx)))
        {
            case Resolution.Found found:
                return ExchangerSelection.Select(found.Records, self.Names, random, found.IsAuthenticated);
            case Resolution.NoRecords none:
                return Implicit(none.CanonicalName, none.IsAuthenticated);
            case Resolution.NoSuchName:
                return new MailRoute.DoesNotExist();
            case Resolution.Unavailable failure:
                return new MailRoute.Unavailable(failure.Reason);
            default:
                throw new InvalidOperationException("An outcome of a question that is none of the four.");
        }
    }

    /// <summary>Looks up the addresses of a route's hosts, one host after another as they are asked for.</summary>
    public ExchangerWalk Walk(MailRoute.Exchangers route) => new(this, route, self);

    /// <summary>Looks up the addresses of one host.</summary>
    /// <param name="host">A host name; aliases are followed, though an MX record should not name one (RFC 5321 §5.1).</param>
    public async ValueTask<HostAddresses> AddressesAsync(DnsName host)
    {
        // Both questions go out before either answer is waited for.
        ValueTask<Resolution> asked4 = resolver.ResolveAsync(new DnsQuestion(host, DnsType.A));
        if (!UsesIPv6)
            return HostAddresses.From(await asked4, null, random);
        ValueTask<Resolution> asked6 = resolver.ResolveAsync(new DnsQuestion(host, DnsType.Aaaa));
        Resolution v4 = await asked4;
        return HostAddresses.From(v4, await asked6, random);
    }

    private MailRoute Implicit(DnsName domain, bool isAuthenticated)
    {
        // Not a host name (an underscore label at most, or the root): nothing to look an address up for.
        if (!domain.IsHostName)
            return new MailRoute.NoUsableExchanger();
        if (self.Names.Contains(domain))
            return new MailRoute.LoopsToSelf();
        return new MailRoute.Exchangers([new MailExchanger(0, domain)], IsImplicit: true, isAuthenticated);
    }
}
