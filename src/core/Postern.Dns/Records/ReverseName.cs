using System.Globalization;
using System.Text;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Records;

/// <summary>The name under which an address is looked up for its own name.</summary>
public static class ReverseName
{
    /// <summary>Four numbers below in-addr.arpa (RFC 1035 §3.5), or 32 hexadecimal digits below ip6.arpa (RFC 3596 §2.5).</summary>
    public static DnsName Of(IpAddress address)
    {
        Span<byte> octets = stackalloc byte[IpAddress.Size];
        address.CopyTo(octets);
        var text = new StringBuilder();
        for (int i = octets.Length - 1; i >= (address.IsIPv4 ? 12 : 0); i--)
        {
            if (address.IsIPv4)
                text.Append(CultureInfo.InvariantCulture, $"{octets[i]}.");
            else
                text.Append(CultureInfo.InvariantCulture, $"{octets[i] & 0xf:x}.{octets[i] >> 4:x}.");
        }
        text.Append(address.IsIPv4 ? "in-addr.arpa" : "ip6.arpa");
        // Letters, digits and dots of at most 73 characters: always a name.
        return DnsName.TryParse(Encoding.ASCII.GetBytes(text.ToString()), out DnsName? name) ? name : DnsName.Root;
    }
}
