namespace Postern.Text;

/// <summary>The address ranges that no peer on the public Internet has.</summary>
/// <remarks>
/// A foreign domain's MX that points to one of them would make us knock at our own doors or a neighbour's. The
/// documentation ranges (RFC 5737, RFC 3849) count as public: nobody lives there, and test networks are built of them.
/// </remarks>
public static class AddressRanges
{
    private static readonly IpNetwork s_loopback4 = IpNetwork.Of("127.0.0.0/8");

    private static readonly IpNetwork[] s_notPublic =
    [
        s_loopback4,
        IpNetwork.Of("0.0.0.0/8"),        // "this network", RFC 791 §3.2
        IpNetwork.Of("10.0.0.0/8"),       // private, RFC 1918
        IpNetwork.Of("172.16.0.0/12"),
        IpNetwork.Of("192.168.0.0/16"),
        IpNetwork.Of("100.64.0.0/10"),    // shared behind a carrier's NAT, RFC 6598
        IpNetwork.Of("169.254.0.0/16"),   // link local, RFC 3927; clouds keep their metadata servers here
        IpNetwork.Of("224.0.0.0/4"),      // multicast, RFC 5771
        IpNetwork.Of("240.0.0.0/4"),      // reserved, RFC 1112 §4, with the broadcast address
        IpNetwork.Of("::/96"),            // unspecified, loopback, and the dropped IPv4-compatible form, RFC 4291 §2.5.5.1
        IpNetwork.Of("64:ff9b:1::/48"),   // a site's own translation prefix, RFC 8215
        IpNetwork.Of("fc00::/7"),         // unique local, RFC 4193
        IpNetwork.Of("fe80::/10"),        // link local, RFC 4291 §2.5.6
        IpNetwork.Of("fec0::/10"),        // site local, dropped by RFC 3879
        IpNetwork.Of("ff00::/8"),         // multicast, RFC 4291 §2.7
    ];

    private static readonly IpNetwork s_translated = IpNetwork.Of("64:ff9b::/96"); // RFC 6052 §2.1

    private static readonly IpNetwork s_sixToFour = IpNetwork.Of("2002::/16"); // RFC 3056 §2

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public static bool IsLoopback(IpAddress address) => address == IpAddress.Loopback6 || s_loopback4.Contains(address);

    /// <summary>True when the address, and the IPv4 address that it may embed, is in none of the ranges.</summary>
    public static bool IsPublic(IpAddress address)
    {
        if (s_translated.Contains(address)) return IsPublic(IpAddress.FromIPv4(unchecked((uint)address.Low)));
        if (s_sixToFour.Contains(address)) return IsPublic(IpAddress.FromIPv4(unchecked((uint)(address.High >> 16))));
        foreach (var network in s_notPublic)
        {
            if (network.Contains(address)) return false;
        }
        return true;
    }
}
