using System.Text;
using Postern.Config.Sections;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Config.Slicing;

/// <summary>Cuts a configuration into one slice per program: each learns what it needs and nothing else.</summary>
internal static class SliceSet
{
    // Bounds that nobody had a reason to change yet.
    private const uint MaxRemoteAttempts = 200;
    private const uint MaxLocalAttempts = 64;
    private const uint IdleSeconds = 10;
    private const uint MaxTlsHold = 24 * 60 * 60;

    /// <summary>Large enough that making one is rare, small enough that one is read in a moment.</summary>
    private const uint SegmentBytes = 64 << 20;

    /// <summary>Makes the slices, in the order of the descriptors: posternd, smtpd, directory, queue, remote, local, deliver, bounce, tls, auth,
    /// acme.</summary>
    internal static IReadOnlyList<byte[]> Cut(Configuration from) =>
    [
        Slice(writer => Supervisor(writer, from)),
        Slice(writer => Smtpd(writer, from)),
        Slice(writer => Directory(writer, from)),
        Slice(writer => Queue(writer, from)),
        Slice(writer => Remote(writer, from)),
        Slice(writer => writer.Add(new LocalSlice { HostName = Host(from) })),
        Slice(writer => writer.Add(new DeliverSlice
        {
            HostName = Host(from), Root = from.Mailboxes.Root, Postmaster = $"{from.State}/postmaster",
        })),
        Slice(writer => writer.Add(new BounceSlice
        {
            HostName = Host(from), Postmaster = Encoding.UTF8.GetBytes(Postmaster(from)),
        })),
        Slice(writer => Tls(writer, from)),
        Slice(writer => writer.Add(new AuthSlice
        {
            Folder = $"{from.State}/auth",
            Dovecot = from.Logins.Dovecot ?? string.Empty,
            TokenIssuer = from.Logins.Tokens?.Issuer ?? string.Empty,
            TokenAudience = from.Logins.Tokens?.Audience ?? string.Empty,
            TokenClaim = from.Logins.Tokens?.Claim ?? string.Empty,
            TokenKeys = from.Logins.Tokens?.Keys ?? string.Empty,
            TokenLeeway = from.Logins.Tokens?.Leeway ?? 0,
            HostName = Host(from),
            NoticesFrom = from.Logins.SendsNotices ? Postmaster(from) : string.Empty,
        })),
        Slice(writer => Acme(writer, from)),
    ];

    private static string Postmaster(Configuration from) => $"postmaster@{from.Domains[0]}";

    private static byte[] Slice(Action<SliceWriter> fill)
    {
        var writer = new SliceWriter();
        fill(writer);
        return writer.Bytes.ToArray();
    }

    private static void Supervisor(SliceWriter writer, Configuration from) => writer.Add(new SupervisorSliceFrame(new SupervisorSlice
    {
        State = from.State,
        MailboxRoot = from.Mailboxes.Root,
        MailboxUser = from.Mailboxes.User,
        SystemUsers = from.Mailboxes.System,
        Strict = from.Strict,
        Listeners =
        [
            .. from.Listeners.Select(listener => Place(SocketAddress.Inet(listener.Address, listener.Port))),
            .. from.Acme is { Listen: var listen } ? [Place(SocketAddress.Inet(listen.Address, listen.Port), isForAcme: true)] : Array.Empty<ListenAddress>(),
        ],
    }));

    private static ListenAddress Place(SocketAddress address, bool isForAcme = false) => new(address.ToString(), address.ToKernel(), isForAcme);

    private static void Smtpd(SliceWriter writer, Configuration from)
    {
        writer.Add(new SmtpdSlice
        {
            HostName = Host(from),
            MessageSize = from.Limits.MessageSize,
            Recipients = from.Limits.Recipients,
            Connections = from.Limits.Connections,
            ConnectionsPerClient = from.Limits.ConnectionsPerClient,
            CommandSeconds = from.Limits.CommandSeconds,
            SessionSeconds = from.Limits.SessionSeconds,
            OffersTls = from.Tls.IsEnabled,
            MaxHoldSeconds = from.MaxHold,
            Logins = (from.Logins.Dovecot is null ? LoginWays.Scram : LoginWays.None) | (from.Logins.Tokens is null ? LoginWays.None : LoginWays.Tokens),
        });
        writer.Add(from.Sending);
        foreach (var listener in from.Listeners)
        {
            writer.Add(new ListenerSlice { Address = Raw(listener.Address), Port = listener.Port, Service = listener.Service });
        }

        foreach (var network in from.Trusted)
        {
            // The wire counts the bits of the mapped form.
            var bits = network.PrefixLength + (network.Address.IsIPv4 ? 96 : 0);
            writer.Add(new TrustedSlice { Address = Raw(network.Address), Prefix = (ushort)bits });
        }
    }

    private static void Directory(SliceWriter writer, Configuration from)
    {
        writer.Add(new DirectorySlice { HostName = Host(from), SystemUsers = from.Mailboxes.System });
        Domains(writer, from);
        foreach (var address in from.Mailboxes.Addresses)
        {
            writer.Add(new MailboxSlice { Address = Encoding.UTF8.GetBytes(address) });
        }

        foreach (var alias in from.Aliases)
        {
            var key = Encoding.UTF8.GetBytes(alias.Key);
            foreach (var target in alias.Targets)
            {
                writer.Add(new AliasSlice { Key = key, Target = Encoding.UTF8.GetBytes(target) });
            }
        }

        foreach (var domain in RoutesSection.Relayed(from.Routes, from.Domains))
        {
            writer.Add(new RelayedDomainSlice { Domain = domain.ToString() });
        }
    }

    private static void Queue(SliceWriter writer, Configuration from)
    {
        writer.Add(new QueueSlice
        {
            HostName = Host(from),
            Folder = $"{from.State}/queue",
            // The queue counts the trace line on top and the fields that a user's message lacks. They are not the sender's and do not
            // count against the limit.
            MessageSize = from.Limits.MessageSize + ReceivedField.MaxLength + OriginFields.MaxLength,
            RetryFirstSeconds = from.Queue.RetryFirst,
            RetryMaxSeconds = from.Queue.RetryMax,
            ExpireSeconds = from.Queue.Expire,
            WarnAfterSeconds = from.Queue.WarnAfter,
            MaxPerDestination = from.Limits.Concurrency,
            MaxRemote = MaxRemoteAttempts,
            MaxLocal = MaxLocalAttempts,
            SegmentBytes = SegmentBytes,
        });
        Domains(writer, from);
        foreach (var route in from.Routes)
        {
            writer.Add(new RouteSlice { Pattern = route.Pattern, Hop = route.Hop, Destination = route.Destination, Port = route.Port });
        }
    }

    private static void Remote(SliceWriter writer, Configuration from)
    {
        writer.Add(new RemoteSlice
        {
            HostName = Host(from),
            AllowPrivate = from.AllowPrivate,
            // The queue lets attempts that stall be overtaken.
            MaxConnections = 5 * MaxRemoteAttempts,
            IdleSeconds = IdleSeconds,
            Folder = $"{from.State}/remote",
            Authorities = from.Outbound.Authorities,
            // Long enough for whoever is in between for a while, and not so long that mail comes back for it.
            FollowsTlsOptional = from.TlsOptional,
            HasLocalSockets = from.Routes.Any(route => route.Hop == HopKind.LmtpSocket),
            TlsHoldSeconds = Math.Min(MaxTlsHold, from.Queue.Expire / 2),
        });
        Resolvers(writer, from);

        // What a wildcard stands for, remote asks the kernel, address by address.
        foreach (var address in from.Listeners.Select(listener => listener.Address).Where(address => !ListenSection.IsEveryAddress(address)).Distinct())
        {
            writer.Add(new OwnAddressSlice { Address = Raw(address) });
        }

        foreach (var rule in from.Outbound.Rules)
        {
            writer.Add(new TlsRuleSlice { Pattern = rule.Pattern, Need = rule.Need });
        }

        if (from.Reports is { } reports)
        {
            writer.Add(new TlsReportSlice { From = reports.From, Organization = Encoding.UTF8.GetBytes(reports.Organization), Contact = reports.Contact });
        }

        foreach (var login in from.Outbound.Logins)
        {
            writer.Add(new LoginSlice
            {
                Host = login.Host,
                User = login.User ?? string.Empty,
                PasswordFile = login.PasswordFile ?? string.Empty,
                Certificate = login.Certificate ?? string.Empty,
                Key = login.Key ?? string.Empty,
            });
        }
    }

    private static void Tls(SliceWriter writer, Configuration from)
    {
        writer.Add(new TlsSlice { HostName = Host(from), AsksForCertificate = from.Tls.AsksForCertificate });
        foreach (var (chain, key) in from.Tls.Certificates)
        {
            writer.Add(new CertificateSlice { Chain = chain, Key = key });
        }

        if (from.Acme is { } acme)
        {
            writer.Add(new IssuanceSlice { Folder = $"{from.State}/tls", Contact = acme.Contact, Names = acme.Names });
        }
    }

    private static void Acme(SliceWriter writer, Configuration from)
    {
        writer.Add(new AcmeSlice { Directory = from.Acme?.Directory ?? string.Empty, Authorities = from.Outbound.Authorities });
        Resolvers(writer, from);
    }

    private static void Resolvers(SliceWriter writer, Configuration from)
    {
        foreach (var server in from.Resolvers)
        {
            writer.Add(new ResolverSlice { Address = Raw(server.Address), Port = server.Port, IsTrusted = from.TrustsResolvers });
        }
    }

    private static void Domains(SliceWriter writer, Configuration from)
    {
        foreach (var domain in from.Domains)
        {
            writer.Add(new DomainSlice { Domain = domain.ToString() });
        }
    }

    private static string Host(Configuration from) => from.HostName.ToString();

    private static byte[] Raw(IpAddress address)
    {
        var bytes = new byte[IpAddress.Size];
        address.CopyTo(bytes);
        return bytes;
    }
}
