using Postern.Dns.Resolving;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Text;

namespace Postern.CommandLine.Zones;

/// <summary>Picks out of the programs' slices what the records of a domain follow from.</summary>
internal sealed class ZoneFactsReader(IReadOnlyDictionary<ProgramName, byte[]> slices, DomainName host)
{
    private const ushort MailPort = 25;

    /// <summary>The domains whose mail comes here, this server's name among them.</summary>
    internal IReadOnlyList<string> Domains()
    {
        List<string> domains = [];
        var frames = new SliceReader(slices[ProgramName.Queue]);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == DomainSlice.Type && DomainSlice.TryRead(ref reader, out var domain))
            {
                domains.Add(domain.Domain);
            }
        }

        return [.. domains.Append(host.ToString()).Distinct()];
    }

    /// <summary>What the records of one of them follow from.</summary>
    internal ZoneFacts Facts(string domain)
    {
        List<(IpAddress Address, ushort Port, ServiceKind Service)> listeners = [];
        var offersTls = false;
        var frames = new SliceReader(slices[ProgramName.Smtpd]);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == SmtpdSlice.Type && SmtpdSlice.TryRead(ref reader, out var head))
            {
                offersTls = head.OffersTls;
            }
            else if (type == ListenerSlice.Type && ListenerSlice.TryRead(ref reader, out var listener) && listener.Address.Length == IpAddress.Size
                && listener.Service != ServiceKind.Lmtp && !IpAddress.FromBytes(listener.Address).IsLoopback)
            {
                // Nobody but this host reaches the others.
                listeners.Add((IpAddress.FromBytes(listener.Address), listener.Port, listener.Service));
            }
        }

        var chains = Chains(out var isAwaited);
        return new ZoneFacts
        {
            Domain = domain,
            HostName = host.ToString(),
            Addresses = [.. listeners.Select(listener => listener.Address).Where(address => address.IsPublic).Distinct()],
            HasOtherAddresses = listeners.Exists(listener => !listener.Address.IsPublic),
            TakesMail = listeners.Exists(listener => listener is { Port: MailPort, Service: ServiceKind.Smtp }),
            Submission = [.. listeners.Where(listener => listener.Service != ServiceKind.Smtp)
                .Select(listener => new SubmissionPort(listener.Service == ServiceKind.Submissions ? "submissions" : "submission", listener.Port))
                .Distinct().OrderByDescending(port => port.Service, StringComparer.Ordinal)],
            OffersTls = offersTls,
            Certificates = offersTls ? CertificateFiles.For(host.ToString(), chains) : [],
            AwaitsCertificate = isAwaited,
        };
    }

    /// <summary>The resolvers that the server asks, which are those of /etc/resolv.conf unless the configuration has others.</summary>
    /// <param name="trusted">Those of /etc/resolv.conf: it says whether the way to one is safe.</param>
    internal IReadOnlyList<NameServer> Resolvers(IReadOnlyList<NameServer> trusted)
    {
        List<NameServer> servers = [];
        var frames = new SliceReader(slices[ProgramName.Remote]);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == ResolverSlice.Type && ResolverSlice.TryRead(ref reader, out var server) && server.Address.Length == IpAddress.Size)
            {
                var address = IpAddress.FromBytes(server.Address);
                servers.Add(new NameServer(address, server.Port, address.IsLoopback || server.IsTrusted));
            }
        }

        // Some are left out for what the configuration says of them, and not for what the file does.
        return [.. NameServer.AskedOf(servers).Select(server => server with
        {
            IsTrusted = server.IsTrusted || trusted.Any(one => one.IsTrusted && one.Address == server.Address),
        })];
    }

    private List<string> Chains(out bool isAwaited)
    {
        List<string> chains = [];
        isAwaited = false;
        var frames = new SliceReader(slices[ProgramName.Tls]);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == CertificateSlice.Type && CertificateSlice.TryRead(ref reader, out var certificate))
            {
                chains.Add(certificate.Chain);
            }
            else if (type == IssuanceSlice.Type && IssuanceSlice.TryRead(ref reader, out var issuance))
            {
                isAwaited = !File.Exists(issuance.CertificateFile);
                if (!isAwaited)
                {
                    chains.Add(issuance.CertificateFile);
                }
            }
        }

        return chains;
    }
}
