using System.Text;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Wire;

/// <summary>Names for tests, where they are known to be good.</summary>
internal static class Names
{
    internal static DnsName Of(string text)
    {
        Assert.True(DnsName.TryParse(Encoding.ASCII.GetBytes(text), out DnsName? name), text);
        return name;
    }

    internal static DnsName OfWire(byte[] wire)
    {
        // Names are not read below offset 12, where a message has its header.
        var reader = new WireReader([.. new byte[12], .. wire]);
        Assert.True(reader.TryReadBytes(12, out _));
        Assert.True(reader.TryReadName(null, out DnsName? name));
        Assert.True(reader.AtEnd);
        return name;
    }
}
