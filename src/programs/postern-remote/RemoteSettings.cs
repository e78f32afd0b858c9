using System.Text;
using Postern.Dns.Exchangers;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Reports.Writing;
using Postern.Role.Confining;
using Postern.Text;

namespace Postern.Remote;

/// <summary>The configuration of remote: one immutable snapshot.</summary>
internal sealed record RemoteSettings
{
    /// <summary>The name of this server, as EHLO says it.</summary>
    internal required byte[] HostName { get; init; }

    /// <summary>Which addresses an MX record may lead to.</summary>
    internal required AddressPolicy Addresses { get; init; }

    /// <summary>Name servers that are asked, in order of preference.</summary>
    internal required IReadOnlyList<NameServer> NameServers { get; init; }

    /// <summary>Name servers that are not asked: of them nothing is believed, and of others something is.</summary>
    internal required IReadOnlyList<NameServer> LeftOut { get; init; }

    /// <summary>By what this host recognises itself among exchangers.</summary>
    internal required OwnIdentity Self { get; init; }

    /// <summary>Connections at one time, at least one.</summary>
    internal required int MaxConnections { get; init; }

    /// <summary>How long an idle connection is kept.</summary>
    internal required TimeSpan IdleTime { get; init; }

    /// <summary>The file of authorities that may vouch for servers.</summary>
    internal required string Authorities { get; init; }

    /// <summary>The folder that it keeps what it learned in.</summary>
    internal required string Folder { get; init; }

    /// <summary>How long mail waits for the TLS of a destination that had it before.</summary>
    internal required TimeSpan TlsHold { get; init; }

    /// <summary>True when messages may do with less than policies ask for.</summary>
    internal required bool FollowsTlsOptional { get; init; }

    /// <summary>How mail has to be protected, by domain.</summary>
    internal required RouteTable<TlsNeed> Rules { get; init; }

    /// <summary>Who sends reports about TLS; null when none are sent.</summary>
    internal ReportSubmitter? Submitter { get; init; }

    /// <summary>How to log in at hosts that routes lead to.</summary>
    internal required IReadOnlyList<LoginSlice> Logins { get; init; }

    /// <summary>The files that the logins name.</summary>
    internal IEnumerable<string> SecretFiles =>
        Logins.SelectMany(login => new[] { login.PasswordFile, login.Certificate, login.Key }).Where(path => path.Length > 0);

    /// <summary>True when a route leads to a socket of this host.</summary>
    internal required bool HasLocalSockets { get; init; }

    /// <summary>The files and folders that a slice names.</summary>
    internal static IReadOnlyList<Place> PlacesOf(ReadOnlySpan<byte> slice) => Read(slice) is not { } settings ? []
        : [new Place(settings.Authorities, FileUse.Read), new Place(settings.Folder, RemoteDeclaration.Beneath), .. FileFolders.Of(settings.SecretFiles)];

    /// <summary>The sockets that a slice asks for besides.</summary>
    internal static SocketUse SocketsOf(ReadOnlySpan<byte> slice) =>
        Read(slice) is { HasLocalSockets: true } ? RemoteDeclaration.LocalSockets : SocketUse.None;

    /// <summary>Reads the slice; null when it is not one.</summary>
    internal static RemoteSettings? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var reader) || type != RemoteSlice.Type || !RemoteSlice.TryRead(ref reader, out var head))
        {
            return null;
        }

        var servers = new List<NameServer>();
        var own = new HashSet<IpAddress>();
        var rules = new RouteTable<TlsNeed>();
        ReportSubmitter? submitter = null;
        var logins = new List<LoginSlice>();
        while (frames.TryNext(out type, out reader))
        {
            if (type == ResolverSlice.Type && ResolverSlice.TryRead(ref reader, out var server) && server.Address.Length == IpAddress.Size)
            {
                var address = IpAddress.FromBytes(server.Address);
                servers.Add(new NameServer(address, server.Port, address.IsLoopback || server.IsTrusted));
            }
            else if (type == OwnAddressSlice.Type && OwnAddressSlice.TryRead(ref reader, out var mine) && mine.Address.Length == IpAddress.Size)
            {
                own.Add(IpAddress.FromBytes(mine.Address));
            }
            else if (type == TlsReportSlice.Type && submitter is null && TlsReportSlice.TryRead(ref reader, out var reports)
                && Mailbox.TryParse(Encoding.UTF8.GetBytes(reports.From), allowUtf8: false, out var from))
            {
                submitter = new ReportSubmitter(head.HostName, Encoding.UTF8.GetString(reports.Organization), reports.Contact, from);
            }
            else if (type == LoginSlice.Type && LoginSlice.TryRead(ref reader, out var login))
            {
                logins.Add(login);
            }
            else if (type != TlsRuleSlice.Type || !TlsRuleSlice.TryRead(ref reader, out var rule)
                || !rules.TryAdd(Encoding.ASCII.GetBytes(rule.Pattern), rule.Need))
            {
                return null;
            }
        }

        return frames.AtEnd ? From(head, servers, own, rules) with { Submitter = submitter, Logins = logins } : null;
    }

    private static RemoteSettings From(RemoteSlice head, List<NameServer> servers, HashSet<IpAddress> own, RouteTable<TlsNeed> rules)
    {
        var name = Encoding.ASCII.GetBytes(head.HostName);
        var names = new HashSet<DnsName>();
        if (DnsName.TryParse(name, out var parsed))
        {
            names.Add(parsed);
        }

        var asked = NameServer.AskedOf(servers);
        return new RemoteSettings
        {
            HostName = name,
            Addresses = new AddressPolicy(head.AllowPrivate, own) { Recognises = Socket.IsOwnAddress },
            NameServers = asked,
            LeftOut = [.. servers.Except(asked)],
            Self = head.AllowPrivate ? new OwnIdentity(names, new HashSet<IpAddress>()) : new OwnIdentity(names, own) { Recognises = Socket.IsOwnAddress },
            MaxConnections = (int)Math.Clamp(head.MaxConnections, 1, 100_000),
            Authorities = head.Authorities,
            Folder = head.Folder,
            TlsHold = TimeSpan.FromSeconds(head.TlsHoldSeconds),
            FollowsTlsOptional = head.FollowsTlsOptional,
            HasLocalSockets = head.HasLocalSockets,
            Rules = rules,
            Logins = [],
            IdleTime = TimeSpan.FromSeconds(Math.Min(head.IdleSeconds, 3600)),
        };
    }
}
