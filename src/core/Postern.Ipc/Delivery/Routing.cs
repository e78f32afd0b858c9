using System.Text;
using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.Ipc.Delivery;

/// <summary>Where mail goes next: to the mailboxes here, along a route, to the smarthost, or to the domain's mail exchangers.</summary>
/// <remarks>The queue goes by it, and the command line explains it.</remarks>
public sealed class Routing
{
    private readonly HashSet<string> _own = new(StringComparer.OrdinalIgnoreCase);
    private readonly RouteTable<(NextHop Hop, string Pattern)> _routes = new();
    private NextHop? _smarthost;

    private HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Own => _own.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Makes one without routes.</summary>
    /// <param name="own">Domains whose mail is ours.</param>
    public Routing(params IEnumerable<string> own) => _own.UnionWith(own);

    /// <summary>Reads what stands behind the head of the queue's slice.</summary>
    /// <param name="frames">The slice; at its end afterwards.</param>
    /// <param name="hostName">This server's name, whose mail is ours, too.</param>
    /// <returns>Null for a frame that does not belong there or a route that stands there twice.</returns>
    public static Routing? Read(ref SliceReader frames, string hostName)
    {
        var routing = new Routing(hostName);
        while (frames.TryNext(out var type, out var reader))
        {
            if (type == DomainSlice.Type && DomainSlice.TryRead(ref reader, out var domain))
            {
                routing._own.Add(domain.Domain);
            }
            else if (type != RouteSlice.Type || !RouteSlice.TryRead(ref reader, out var route)
                || !routing.TryAdd(route.Pattern, new NextHop(route.Hop, route.Destination, route.Port)))
            {
                return null;
            }
        }

        return frames.AtEnd ? routing : null;
    }

    /// <summary>Adds a route.</summary>
    /// <param name="pattern">A domain, *.suffix, or * for the smarthost.</param>
    /// <param name="hop">Where mail goes instead of a domain's exchangers, or of an own domain's mailboxes.</param>
    /// <returns>False when it is no pattern, or there already.</returns>
    public bool TryAdd(string pattern, NextHop hop)
    {
        if (pattern != "*")
        {
            return _routes.TryAdd(Encoding.ASCII.GetBytes(pattern), (hop, pattern));
        }

        var first = _smarthost is null;
        _smarthost = hop;
        return first;
    }

    /// <summary>Where mail for an address goes next.</summary>
    public NextHop HopFor(Mailbox address) => Find(address).Hop;

    /// <summary>Where mail for an address goes next that was valid once: without a domain it is for a mailbox here.</summary>
    /// <param name="address">As it stands in an SMTP path.</param>
    public NextHop HopForStored(ReadOnlySpan<byte> address)
    {
        Span<byte> domain = stackalloc byte[DomainName.MaxLength];
        return Mailbox.TryReadDomain(address, allowUtf8: true, domain, out var length) ? HopFor(domain[..length]) : NextHop.Local;
    }

    /// <summary>Where mail for a domain goes next.</summary>
    /// <param name="domain">As a mailbox has it, see <see cref="Mailbox.DomainText"/>.</param>
    public NextHop HopFor(ReadOnlySpan<byte> domain) => Find(domain).Hop;

    /// <summary>Where mail for an address goes next, and the pattern of the route that says so; null without a route.</summary>
    public (NextHop Hop, string? Pattern) Find(Mailbox address) => Find(address.DomainText);

    private (NextHop Hop, string? Pattern) Find(ReadOnlySpan<byte> domain)
    {
        if (domain[0] == '[')
        {
            return (NextHop.Local, null); // Sent nowhere: smtpd takes none, and the directory says of others that they are another host's.
        }

        if (_routes.TryFind(domain, out var route))
        {
            return route;
        }

        // The smarthost takes what is not ours.
        Span<char> name = stackalloc char[DomainName.MaxLength];
        name = name[..Encoding.ASCII.GetChars(domain, name)];
        return Own.Contains(name) ? (NextHop.Local, null)
            : _smarthost is not null ? (_smarthost, "*")
            : (new NextHop(HopKind.Exchangers, name.ToString(), 25), null);
    }
}
