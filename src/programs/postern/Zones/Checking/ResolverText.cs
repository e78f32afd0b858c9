using Postern.Dns.Resolving;
using Postern.Text;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>A resolver as an administrator writes it: 192.0.2.1, 192.0.2.1:5353, 2001:db8::1, [2001:db8::1]:5353.</summary>
internal static class ResolverText
{
    /// <summary>Reads one; it is trusted with DNSSEC when it is on this host.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out NameServer server)
    {
        server = default;
        uint port = NameServer.DefaultPort;
        var address = text;
        if (text.StartsWith("["u8))
        {
            var end = text.IndexOf((byte)']');
            if (end < 0 || !TryReadPort(text[(end + 1)..], ref port))
            {
                return false;
            }

            address = text[1..end];
        }
        else if (text.IndexOf((byte)':') is var colon and >= 0 && text.LastIndexOf((byte)':') == colon)
        {
            if (!TryReadPort(text[colon..], ref port))
            {
                return false;
            }

            address = text[..colon];
        }

        if (!IpAddress.TryParse(address, out var parsed))
        {
            return false;
        }

        server = new NameServer(parsed, (ushort)port, parsed.IsLoopback);
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, ref uint port) =>
        text.IsEmpty || (text[0] == ':' && DecimalText.TryRead(text[1..], ushort.MaxValue, out port) && port > 0);
}
