using System.Text;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.CommandLine.Resolving;

/// <summary>Where the queue sends mail for a domain, read from its own slice.</summary>
internal sealed class Routing
{
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly RouteTable<RouteSlice> _routes = new();

    /// <summary>Reads the queue's slice.</summary>
    internal static Routing Read(ReadOnlySpan<byte> slice)
    {
        var routing = new Routing();
        var frames = new SliceReader(slice);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == QueueSlice.Type && QueueSlice.TryRead(ref reader, out var head))
            {
                routing._own.Add(head.HostName);
            }
            else if (type == DomainSlice.Type && DomainSlice.TryRead(ref reader, out var domain))
            {
                routing._own.Add(domain.Domain);
            }
            else if (type == RouteSlice.Type && RouteSlice.TryRead(ref reader, out var route))
            {
                _ = routing._routes.TryAdd(Encoding.ASCII.GetBytes(route.Pattern), route);
            }
        }

        return routing;
    }

    /// <summary>True when mail for the address stays on this host.</summary>
    internal bool IsLocal(Mailbox address) =>
        address.Domain.Name is not { } name || (!_routes.TryFind(name, out _) && _own.Contains(name.ToString()));

    /// <summary>The next hop in words.</summary>
    internal string HopFor(Mailbox address)
    {
        if (IsLocal(address))
        {
            return "this host";
        }

        return !_routes.TryFind(address.Domain.Name!, out var route) ? $"the mail exchangers of {address.Domain}" : route.Hop switch
        {
            HopKind.LmtpHost => $"{route.Destination} port {route.Port} by LMTP, by the route \"{route.Pattern}\"",
            HopKind.LmtpSocket => $"{route.Destination} by LMTP, by the route \"{route.Pattern}\"",
            _ => $"{route.Destination} port {route.Port} by SMTP, by the route \"{route.Pattern}\"",
        };
    }
}
