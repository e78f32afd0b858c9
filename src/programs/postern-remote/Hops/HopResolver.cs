using System.Text;
using Postern.Dns.Exchangers;
using Postern.Dns.Wire;
using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Remote.Hops;

/// <summary>Turns a next hop into addresses (RFC 5321 §5).</summary>
internal sealed class HopResolver(MailExchangers exchangers, AddressPolicy policy)
{
    /// <summary>Addresses that are tried in one attempt: RFC 5321 §5.1 wants at least two; beyond five a later attempt does as well.</summary>
    internal const int MaxTargets = 5;

    /// <summary>The port of SMTP (RFC 5321 §4.5.4.2).</summary>
    private const ushort SmtpPort = 25;

    /// <summary>Finds the addresses of a hop.</summary>
    internal ValueTask<HopResolution> ResolveAsync(Hop hop) => hop.Kind switch
    {
        HopKind.Exchangers => FindExchangersAsync(hop),
        HopKind.LmtpSocket => new(FindSocket(hop)),
        _ => FindHostAsync(hop),
    };

    private static HopResolution FindSocket(Hop hop) =>
        hop.Destination.Length is 0 or > SocketAddress.MaxPathLength || !System.Text.Ascii.IsValid(hop.Destination)
            ? HopResolution.NotNow(EnhancedStatus.Unroutable, "the route's socket path is too long"u8)
            : HopResolution.Found([new HopTarget(SocketAddress.Unix(hop.Destination), string.Empty)]);

    // Configured by the administrator, so any address is meant: relaying to a host in the same network is ordinary.
    private async ValueTask<HopResolution> FindHostAsync(Hop hop)
    {
        var literal = hop.Destination.Trim('[', ']');
        if (IpAddress.TryParse(literal, out var address))
        {
            return HopResolution.Found([Target(address, string.Empty, hop)]);
        }

        if (hop.Destination.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // RFC 6761 §6.3: not a question for name servers.
            return HopResolution.Found([Target(IpAddress.Loopback4, hop.Destination, hop), Target(IpAddress.Loopback6, hop.Destination, hop)]);
        }

        if (!DnsName.TryParse(Encoding.Latin1.GetBytes(hop.Destination), out var name))
        {
            return HopResolution.NotNow(EnhancedStatus.Unroutable, "the route names no host"u8);
        }

        return await exchangers.AddressesAsync(name) switch
        {
            HostAddresses.Found found => HopResolution.Found(
                [.. found.InOrder.Take(MaxTargets).Select(each => Target(each, hop.Destination, hop, new TargetOrigin(name, found.CanonicalName, found.IsAuthenticated)))]),
            HostAddresses.Unavailable => HopResolution.NotNow(EnhancedStatus.DirectoryFailure, "no name server could tell the address of the route's host"u8),
            // A mistake of ours in the configuration is no reason to send the mail back.
            _ => HopResolution.NotNow(EnhancedStatus.Unroutable, "the route's host has no address"u8),
        };
    }

    private async ValueTask<HopResolution> FindExchangersAsync(Hop hop)
    {
        if (!DnsName.TryParse(Encoding.Latin1.GetBytes(hop.Destination), out var domain))
        {
            return HopResolution.Never(EnhancedStatus.BadDomain, "the domain is not one that can be looked up"u8);
        }

        return await exchangers.FindAsync(domain) switch
        {
            MailRoute.Exchangers route => await WalkAsync(hop, route),
            MailRoute.NullMx => HopResolution.Never(EnhancedStatus.NullMx, "the domain takes no mail (null MX)"u8),
            MailRoute.DoesNotExist => HopResolution.Never(EnhancedStatus.BadDomain, "the domain does not exist"u8),
            MailRoute.LoopsToSelf => Loop(),
            MailRoute.NoUsableExchanger => HopResolution.Never(EnhancedStatus.Unroutable, "no mail exchanger of the domain names a host"u8),
            _ => HopResolution.NotNow(EnhancedStatus.DirectoryFailure, "no name server could tell the mail exchangers of the domain"u8),
        };
    }

    private async ValueTask<HopResolution> WalkAsync(Hop hop, MailRoute.Exchangers route)
    {
        var targets = new List<HopTarget>(MaxTargets);
        var walk = exchangers.Walk(route);
        bool unknown = false, refused = false, loops = false;
        while (targets.Count < MaxTargets && await walk.NextAsync() is var step and not ExchangerStep.End)
        {
            unknown |= step is ExchangerStep.Unavailable;
            loops |= step is ExchangerStep.LoopsToSelf;
            if (step is not ExchangerStep.Host host)
            {
                continue;
            }

            // A server may have written it as the question did, in random letters.
            var name = host.Exchanger.Name.ToString().ToLowerInvariant();
            var origin = new TargetOrigin(host.Exchanger.Name, host.CanonicalName, route.IsAuthenticated && host.IsAuthenticated);
            foreach (var address in host.Addresses)
            {
                var isAllowed = policy.Allows(address);
                refused |= !isAllowed;
                if (isAllowed && targets.Count < MaxTargets)
                {
                    targets.Add(Target(address, name, hop, origin));
                }
            }
        }

        return targets.Count > 0 ? HopResolution.Found(targets) with { Exchangers = Write(route) }
            : loops ? Loop()
            : unknown ? HopResolution.NotNow(EnhancedStatus.DirectoryFailure, "no name server could tell the address of a mail exchanger"u8)
            : refused ? HopResolution.Never(EnhancedStatus.Unroutable, "every mail exchanger of the domain has an address that mail is not sent to"u8)
            : HopResolution.Never(route.IsImplicit ? EnhancedStatus.BadDomain : EnhancedStatus.Unroutable, "no mail exchanger of the domain has an address"u8);
    }

    // With their preferences: who is tried first is part of what two domains have in common.
    private static string Write(MailRoute.Exchangers route) =>
        string.Join(' ', route.InOrder
            .Select(exchanger => $"{exchanger.Preference} {exchanger.Name.ToString().ToLowerInvariant()}")
            .Order(StringComparer.Ordinal));

    private static HopResolution Loop() =>
        HopResolution.Never(EnhancedStatus.RoutingLoop, "mail for the domain leads back to this server, which does not take it"u8);

    private static HopTarget Target(IpAddress address, string name, Hop hop, TargetOrigin? origin = null) =>
        new(SocketAddress.Inet(address, hop.Port == 0 ? SmtpPort : hop.Port), name) { Origin = origin };
}
