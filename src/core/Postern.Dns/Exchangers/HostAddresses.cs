using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Exchangers;

/// <summary>The addresses of a host: one of three outcomes.</summary>
public abstract record HostAddresses
{
    private HostAddresses()
    {
    }

    /// <summary>There are addresses, of any kind: whether one may be connected to is for the caller to judge.</summary>
    /// <param name="InOrder">
    /// In the order in which to try them, at least one, at most <see cref="DnsResponse.MaxRecords"/> of each kind: whoever connects
    /// sets a limit of his own.
    /// </param>
    /// <param name="CanonicalName">The name that the host's aliases lead to; its own without any.</param>
    /// <param name="IsAuthenticated">Every answer that there was has been verified by DNSSEC (RFC 7672 §2.2).</param>
    public sealed record Found(IReadOnlyList<IpAddress> InOrder, DnsName CanonicalName, bool IsAuthenticated) : HostAddresses;

    /// <summary>The host has none: it does not exist, or has neither A nor AAAA records.</summary>
    public sealed record None : HostAddresses;

    /// <summary>Nobody could say.</summary>
    public sealed record Unavailable(UnavailableReason Reason) : HostAddresses;

    /// <summary>Joins both answers; <paramref name="v6"/> is null when it was not asked for.</summary>
    /// <remarks>
    /// One kind of address suffices, even when the question for the other failed: there are servers that never answer for AAAA.
    /// A failure beside "no such records" stays a failure, since the host may well have an address.
    /// </remarks>
    internal static HostAddresses From(Resolution v4, Resolution? v6, IRandomSource random)
    {
        IpAddress[] addresses = [.. Alternating(Shuffled(v6, random), Shuffled(v4, random))];
        if (addresses.Length > 0)
            return new Found(addresses, ((v4 as Resolution.Found) ?? (Resolution.Found)v6!).CanonicalName, IsVerified(v4) && (v6 is null || IsVerified(v6)));
        if (v4 is Resolution.Unavailable failure)
            return new Unavailable(failure.Reason);
        return v6 is Resolution.Unavailable failure6 ? new Unavailable(failure6.Reason) : new None();
    }

    // A question without an answer does not count: else whoever can suppress one answer could switch DANE off.
    private static bool IsVerified(Resolution resolution) => resolution is Resolution.Unavailable || resolution.IsAuthenticated;

    // The order that DNS gives is no preference, and behind a cache it would send every connection to the same host first.
    private static IpAddress[] Shuffled(Resolution? resolution, IRandomSource random)
    {
        if (resolution is not Resolution.Found found)
            return [];
        IpAddress[] addresses = [.. found.Records.OfType<AddressRecord>().Select(record => record.Address).Distinct()];
        random.Shuffle<IpAddress>(addresses);
        return addresses;
    }

    // IPv6 first (RFC 6724 §10.3), then by turns (RFC 8305 §4): where one of the two does not work from here, the second
    // attempt already takes the other.
    private static IEnumerable<IpAddress> Alternating(IpAddress[] first, IpAddress[] second)
    {
        for (int i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            if (i < first.Length)
                yield return first[i];
            if (i < second.Length)
                yield return second[i];
        }
    }
}
