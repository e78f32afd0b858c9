using System.Text;
using CsCheck;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Wire;

public class DnsNameTests
{
    private static readonly string _label63 = new('a', 63);
    private static readonly string _longest = $"{_label63}.{_label63}.{_label63}.{new string('b', 61)}";

    public static TheoryData<string, string> WellWritten => new()
    {
        // The final dot says "from the root", as every name here is anyway.
        { "mx.example.org", "mx.example.org" },
        { "mx.example.org.", "mx.example.org" },
        // Letter case is kept.
        { "Mx.Example.ORG", "Mx.Example.ORG" },
        { ".", "." },
        { "a", "a" },
        // Service labels of DANE, SPF and MTA-STS.
        { "_25._tcp.mx.example.org", "_25._tcp.mx.example.org" },
        // The longest label.
        { _label63 + ".org", _label63 + ".org" },
        // The longest name: 253 octets of text are 255 on the wire.
        { _longest, _longest },
        { _longest + ".", _longest },
    };

    public static TheoryData<string> BadlyWritten =>
    [
        // Nothing.
        "",
        // Empty labels.
        "..", ".a", "a..b", "a..",
        // A label of 64.
        _label63 + "a.org",
        // 254 octets of text.
        _longest + "b",
        // Octets that no name which we would ask for has.
        "a b", "a\0b", "a;b", "a\\.b", "a/b", "b\u00fccher.example", "a\n", "[192.0.2.1]", "*.example.org",
    ];

    [Theory]
    [MemberData(nameof(WellWritten))]
    public void WellWrittenName_IsRead(string text, string written)
    {
        Assert.True(DnsName.TryParse(Encoding.Latin1.GetBytes(text), out DnsName? name));
        Assert.Equal(written, name.ToString());
        Assert.Equal(Message.Name(text), name.Wire.ToArray());
    }

    [Theory]
    [MemberData(nameof(BadlyWritten))]
    public void BadlyWrittenName_IsRefused(string text) =>
        Assert.False(DnsName.TryParse(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void NamesThatDifferInLetterCase_AreEqual()
    {
        DnsName lower = Names.Of("mx.example.org"), upper = Names.Of("MX.example.ORG");

        Assert.Equal(lower, upper);
        Assert.Equal(lower.GetHashCode(), upper.GetHashCode());
        Assert.False(lower.EqualsWithCase(upper));
        Assert.True(lower.EqualsWithCase(Names.Of("mx.example.org")));
    }

    [Fact]
    public void NamesWithOtherLabels_Differ()
    {
        Assert.NotEqual(Names.Of("a.b"), Names.Of("ab"));
        Assert.NotEqual(Names.Of("a.b"), Names.Of("a.c"));
        // '@' and '`' are 0x20 apart like letters, but are none.
        Assert.NotEqual(Names.OfWire([1, (byte)'@', 0]), Names.OfWire([1, (byte)'`', 0]));
        // Outside ASCII there is no letter case (RFC 4343 §3).
        Assert.NotEqual(Names.OfWire([1, 0xc4, 0]), Names.OfWire([1, 0xe4, 0]));
        Assert.Equal(Names.OfWire([1, 0xc4, 0]), Names.OfWire([1, 0xc4, 0]));
    }

    [Fact]
    public void OctetsThatWouldMislead_AreWrittenAsNumbers() =>
        Assert.Equal(
            @"a\046b\000\010\092\034\228.c\032d",
            Names.OfWire([8, (byte)'a', (byte)'.', (byte)'b', 0, 10, (byte)'\\', (byte)'"', 228, 3, (byte)'c', (byte)' ', (byte)'d', 0]).ToString());

    [Theory]
    [InlineData("mx.example.org", true)]
    [InlineData("mx_1.example.org", true)]
    [InlineData("1.example.org", true)]
    [InlineData("3com.com", true)]
    [InlineData("org", true)]
    // An address written where a name belongs.
    [InlineData("192.0.2.1", false)]
    [InlineData("example.1", false)]
    // Hyphens stand inside.
    [InlineData("-a.example.org", false)]
    [InlineData("a-.example.org", false)]
    // The root is no host.
    [InlineData(".", false)]
    public void HostName_IsOneThatAHostMayHave(string text, bool isHost) => Assert.Equal(isHost, Names.Of(text).IsHostName);

    [Theory]
    [InlineData((byte)' ')]
    [InlineData((byte)0)]
    [InlineData((byte)';')]
    [InlineData((byte)'.')]
    [InlineData((byte)0xe4)]
    public void LabelWithForeignOctet_IsNoHost(byte octet) =>
        Assert.False(Names.OfWire([3, (byte)'a', octet, (byte)'b', 3, (byte)'o', (byte)'r', (byte)'g', 0]).IsHostName);

    [Fact]
    public void Prepending_BuildsTheNameBelow()
    {
        Assert.True(Names.Of("mx.example.org").TryPrepend("_tcp"u8, out DnsName? tcp));
        Assert.True(tcp.TryPrepend("_25"u8, out DnsName? port));
        Assert.Equal("_25._tcp.mx.example.org", port.ToString());
    }

    [Fact]
    public void PrependingPastTheLimit_IsRefused()
    {
        DnsName almost = Names.Of($"{_label63}.{_label63}.{_label63}.{new string('b', 59)}");

        Assert.True(almost.TryPrepend("a"u8, out _));
        Assert.False(almost.TryPrepend("ab"u8, out _));
        Assert.False(Names.Of("org").TryPrepend(""u8, out _));
        Assert.False(Names.Of("org").TryPrepend(Encoding.ASCII.GetBytes(_label63 + "a"), out _));
        Assert.False(Names.Of("org").TryPrepend("a.b"u8, out _));
    }

    [Fact]
    public void AnyText_IsReadOnlyWhenItIsWrittenBackTheSame() =>
        Gen.Char[" -._aZ09\0\u00e4"].Array[0, 300].Select(letters => new string(letters)).Sample(text =>
        {
            if (DnsName.TryParse(Encoding.Latin1.GetBytes(text), out DnsName? name))
                Assert.Equal(text.Length > 1 ? text.TrimEnd('.') : text, name.ToString());
        });
}
