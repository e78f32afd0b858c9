using System.Net;
using System.Text;
using CsCheck;

namespace Postern.Text.Tests.Network;

/// <summary>Case E24: one text means one address, to us and to everybody.</summary>
public class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8::A", "2001:db8::a")]
    [InlineData("2001:0db8:0000:0000:0000:0000:0000:000a", "2001:db8::a")]
    // RFC 5952 §4.2.2: one zero group stays.
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    // §4.2.3: the longer run, else the first.
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    // A mapped address is the IPv4 address.
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:7f00:1", "127.0.0.1")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:255.255.255.255", "1:2:3:4:5:6:ffff:ffff")]
    public void Addresses_AreReadAndWrittenCanonically(string text, string canonical)
    {
        Assert.True(IpAddress.TryParse(Latin.Bytes(text), out var address));
        Assert.Equal(canonical, address.ToString());
        Assert.True(IpAddress.TryParse(canonical, out var again));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("")]
    // What the library's reader takes: octal, hexadecimal, short forms.
    [InlineData("0177.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("127.1")]
    [InlineData("127.0.0.01")]
    [InlineData("00.0.0.0")]
    [InlineData("127.0.0.1.")]
    [InlineData(".127.0.0.1")]
    [InlineData("127..0.1")]
    [InlineData("127.0.0.1.1")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.1000")]
    [InlineData("127.0.0.1 ")]
    [InlineData(" 127.0.0.1")]
    [InlineData("+1.0.0.1")]
    [InlineData("127.0.0.1/8")]
    // A zone is a matter of one host.
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("[::1]")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:::2")]
    [InlineData("1::2::3")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::ffff:010.0.0.1")]
    [InlineData("1.2.3.4::")]
    [InlineData("１.2.3.4")]
    public void AnythingElse_IsRefused(string text)
    {
        Assert.False(IpAddress.TryParse(Encoding.UTF8.GetBytes(text), out var address));
        Assert.Equal(default, address);
        Assert.False(IpAddress.TryParse(text, out _));
    }

    [Fact]
    public void EveryCutOfAnAddress_IsRefusedOrAnotherAddress()
    {
        byte[] text = Latin.Bytes("2001:db8:aaaa:bbbb:cccc:dddd:255.255.255.255");
        Assert.True(IpAddress.TryParse(text, out var whole));
        for (int length = 0; length < text.Length; length++)
            Assert.False(IpAddress.TryParse(text.AsSpan(0, length), out var cut) && cut == whole);
    }

    [Fact]
    public void Bytes_ComeBackAsGiven() => Gen.Byte.Array[16].Sample(bytes =>
    {
        var address = IpAddress.FromBytes(bytes);
        byte[] copy = new byte[16];
        address.CopyTo(copy);
        return copy.AsSpan().SequenceEqual(bytes) && IpAddress.TryParse(address.ToString(), out var again) && again == address;
    });

    [Fact]
    public void CanonicalText_IsThatOfTheLibrary() => Gen.Int[0, 2].Select(zero => zero == 0 ? (ushort)0 : (ushort)(zero * 4097)).Array[8].Sample(groups =>
    {
        byte[] bytes = [.. groups.SelectMany(group => new[] { (byte)(group >> 8), (byte)(group & 0xff) })];
        // The library writes the compatible form ::a.b.c.d for six zero groups; RFC 5952 §5 wants a known prefix for that.
        return groups.Take(6).All(group => group == 0) || IpAddress.FromBytes(bytes).ToString() == new IPAddress(bytes).ToString();
    });

    [Fact]
    public void FourBytes_AreTheMappedSixteen()
    {
        var four = IpAddress.FromBytes([192, 0, 2, 1]);
        Assert.Equal(four, IpAddress.FromBytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]));
        Assert.True(four.IsIPv4);
        Assert.False(IpAddress.Loopback6.IsIPv4);
        Assert.Equal("127.0.0.1", IpAddress.Loopback4.ToString());
        Assert.Throws<ArgumentException>(() => IpAddress.FromBytes(new byte[5]));
    }

    [Theory]
    // Case I7: where no peer lives.
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("febf::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:0a00:0001::1")]
    public void AddressesOfNoPeer_AreNotPublic(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.False(address.IsPublic);
    }

    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("1.1.1.1")]
    // Documentation: what test networks are built of.
    [InlineData("192.0.2.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("2001:db8::1")]
    [InlineData("2606:4700::1111")]
    [InlineData("64:ff9b::192.0.2.1")]
    [InlineData("2002:c000:0201::1")]
    [InlineData("fbff::1")]
    [InlineData("fe00::1")]
    public void AddressesOfPeers_ArePublic(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.True(address.IsPublic);
        Assert.False(address.IsLoopback);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("128.0.0.1", false)]
    [InlineData("::2", false)]
    public void Loopback_IsKnown(string text, bool loopback)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(loopback, address.IsLoopback);
    }
}
