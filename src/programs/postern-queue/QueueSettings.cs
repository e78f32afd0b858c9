using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Queue.Schedule;

namespace Postern.Queue;

/// <summary>The queue's configuration: one immutable snapshot.</summary>
internal sealed record QueueSettings
{
    /// <summary>The name of this server.</summary>
    internal required string HostName { get; init; }

    /// <summary>The folder of the log.</summary>
    internal required string Folder { get; init; }

    /// <summary>The largest message in bytes.</summary>
    internal required long MessageSize { get; init; }

    /// <summary>When deferred recipients are tried again.</summary>
    internal required Backoff Backoff { get; init; }

    /// <summary>Attempts at one time: per destination, to other hosts, to local mailboxes.</summary>
    internal required (int PerDestination, int Remote, int Local) Attempts { get; init; }

    /// <summary>Domains whose mail is ours.</summary>
    internal required IReadOnlySet<string> OwnDomains { get; init; }

    /// <summary>Where mail for a domain goes instead of its exchangers, an own domain's instead of its mailboxes.</summary>
    internal required RouteTable<NextHop> Routes { get; init; }

    /// <summary>Where mail for all other domains goes instead of their exchangers; null: to the exchangers.</summary>
    internal NextHop? Smarthost { get; init; }

    /// <summary>Reads the slice; null when it is not one.</summary>
    internal static QueueSettings? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var reader) || type != QueueSlice.Type || !QueueSlice.TryRead(ref reader, out var head))
        {
            return null;
        }

        var domains = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { head.HostName };
        var routes = new RouteTable<NextHop>();
        NextHop? smarthost = null;
        while (frames.TryNext(out type, out reader))
        {
            if (type == DomainSlice.Type && DomainSlice.TryRead(ref reader, out var domain))
            {
                domains.Add(domain.Domain);
            }
            else if (type != RouteSlice.Type || !RouteSlice.TryRead(ref reader, out var route) || !TryAdd(route, routes, ref smarthost))
            {
                return null;
            }
        }

        return frames.AtEnd ? From(head, domains, routes, smarthost) : null;
    }

    private static bool TryAdd(RouteSlice route, RouteTable<NextHop> routes, ref NextHop? smarthost)
    {
        var hop = new NextHop(route.Hop, route.Destination, route.Port);
        if (route.Pattern != "*")
        {
            return routes.TryAdd(System.Text.Encoding.ASCII.GetBytes(route.Pattern), hop);
        }

        var first = smarthost is null;
        smarthost = hop;
        return first;
    }

    private static QueueSettings From(QueueSlice head, HashSet<string> domains, RouteTable<NextHop> routes, NextHop? smarthost) => new()
    {
        HostName = head.HostName,
        Folder = head.Folder,
        MessageSize = (long)head.MessageSize,
        Backoff = new Backoff(
            TimeSpan.FromSeconds(head.RetryFirstSeconds),
            TimeSpan.FromSeconds(head.RetryMaxSeconds),
            TimeSpan.FromSeconds(head.ExpireSeconds),
            TimeSpan.FromSeconds(head.WarnAfterSeconds)),
        Attempts = ((int)head.MaxPerDestination, (int)head.MaxRemote, (int)head.MaxLocal),
        OwnDomains = domains,
        Routes = routes,
        Smarthost = smarthost,
    };

    /// <summary>Where mail for an address goes next.</summary>
    internal NextHop HopFor(Mailbox address)
    {
        if (address.Domain.IsLiteral)
        {
            return NextHop.Local; // An address literal is taken only when it is this host's own.
        }

        if (Routes.TryFind(address.Domain.Name!, out var hop))
        {
            return hop;
        }

        // The smarthost takes what is not ours.
        var domain = address.Domain.ToString();
        return OwnDomains.Contains(domain) ? NextHop.Local : Smarthost ?? new NextHop(HopKind.Exchangers, domain, 25);
    }
}
