using Postern.Dns.Wire;
using static Postern.Dns.Tests.Wire.Message;

namespace Postern.Dns.Tests.Wire;

/// <summary>Messages that are refused whole (attack I10).</summary>
public class FaultyResponseTests
{
    private static readonly byte[] _owner = Pointer(12);

    private static Dictionary<string, Message> Faults { get; } = new()
    {
        ["a query"] = WithFlags(0x0100),
        ["opcode STATUS"] = WithFlags(0x9000),
        ["opcode NOTIFY"] = WithFlags(0xa000),
        ["no question"] = new Message(),
        ["two questions"] = For(1).Question("example.org", 1),
        ["question of class CHAOS"] = new Message().Question("example.org", 1, dnsClass: 3),
        ["question cut before its class"] = new Message().Raw(0, Name("example.org"), U16(1)),
        ["question of a name without end"] = new Message().Raw(0, Pointer(12), U16(1), U16(1)),
        ["65535 answers, none there"] = For(1).Count(1, 65535),
        ["65535 authorities, none there"] = For(1).Count(2, 65535),
        ["65535 additionals, none there"] = For(1).Count(3, 65535),
        ["all counts 65535"] = For(1).Count(1, 65535).Count(2, 65535).Count(3, 65535),
        ["two answers counted, one there"] = For(1).Answer(_owner, 1, [192, 0, 2, 1]).Count(1, 2),
        ["answer cut in its fixed part"] = For(1).Raw(1, _owner, U16(1), U16(1), U32(0), [0]),
        ["RDLENGTH past the end"] = For(1).Raw(1, Record(1, 5, [192, 0, 2, 1])),
        ["RDLENGTH 65535"] = For(1).Raw(1, Record(16, 65535, [1, 2, 3])),
        ["A of 3 octets"] = For(1).Answer(_owner, 1, [192, 0, 2]),
        ["A of 5 octets"] = For(1).Answer(_owner, 1, [192, 0, 2, 1, 1]),
        ["A of no octets"] = For(1).Answer(_owner, 1, []),
        ["A of 16 octets"] = For(1).Answer(_owner, 1, new byte[16]),
        ["AAAA of 4 octets"] = For(28).Answer(_owner, 28, [192, 0, 2, 1]),
        ["AAAA of 17 octets"] = For(28).Answer(_owner, 28, new byte[17]),
        // The over-read of a short MX: the name would be looked for behind the record.
        ["MX of 2 octets, a name behind it"] = For(15).Raw(1, Record(15, 2, [0, 10, .. Name("mx.example.org")])),
        ["MX of 1 octet"] = For(15).Answer(_owner, 15, [0]),
        ["MX whose name leaves the record"] = For(15).Raw(1, Record(15, 5, [0, 10, .. Name("mx.example.org")])),
        ["MX with an octet behind the name"] = For(15).Answer(_owner, 15, [0, 10, 0, 0]),
        ["MX with half a pointer"] = For(15).Raw(1, Record(15, 3, [0, 10, 0xc0, 12])),
        ["MX with a pointer to itself"] = For(15).Answer(Name("a"), 15, [0, 10, .. Pointer(12 + 17 + 3 + 10 + 2)]),
        ["MX with a pointer forward"] = For(15).Answer(_owner, 15, [0, 10, .. Pointer(200)]),
        ["CNAME of nothing"] = For(1).Answer(_owner, 5, []),
        ["CNAME with an octet behind the name"] = For(1).Answer(_owner, 5, [0, 0]),
        ["TXT without a string"] = For(16).Answer(_owner, 16, []),
        ["TXT whose string leaves the record"] = For(16).Raw(1, Record(16, 3, [3, (byte)'a', (byte)'b', (byte)'c'])),
        ["TLSA without association"] = For(52).Answer(_owner, 52, [3, 1, 1]),
        ["TLSA of 2 octets"] = For(52).Answer(_owner, 52, [3, 1]),
        ["SOA cut before MINIMUM"] = For(1).Authority(_owner, 6, Soa(1)[..^1]),
        ["SOA with an octet too many"] = For(1).Authority(_owner, 6, [.. Soa(1), 0]),
        ["owner with a label of 64"] = For(1).Answer([64, .. new byte[64], 0], 1, [192, 0, 2, 1]),
        ["owner of 256 octets"] = For(1).Answer(NameOf256, 1, [192, 0, 2, 1]),
        ["two OPT records"] = For(1).Additional([0], 41, []).Additional([0], 41, []),
        ["OPT of another owner"] = For(1).Additional(_owner, 41, []),
        ["OPT among the answers"] = For(1).Answer([0], 41, []),
        ["OPT among the authorities"] = For(1).Authority([0], 41, []),
        ["OPT with half an option"] = For(1).Additional([0], 41, [0, 1, 0]),
        ["OPT with an option past its end"] = For(1).Additional([0], 41, [0, 1, 0, 5, 1]),
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    private static byte[] NameOf256 =>
        [.. new[] { 63, 63, 63, 62 }.SelectMany(length => new[] { (byte)length }.Concat(Enumerable.Repeat((byte)'a', length))), 0];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void FaultyMessage_IsRefused(string fault) => Assert.False(DnsResponse.TryParse(Faults[fault].Build(), out _));

    [Fact]
    public void MessageOfMoreThan64KiB_IsRefused()
    {
        byte[] message = For(1).Build();
        byte[] longest = [.. message, .. new byte[65535 - message.Length]];

        Assert.True(DnsResponse.TryParse(longest, out _));
        Assert.False(DnsResponse.TryParse([.. longest, 0], out _));
    }

    [Fact]
    public void MessageCutAnywhere_IsRefused()
    {
        byte[] whole = For(15)
            .Answer(_owner, 15, Mx(10, Name("mx.example.org")))
            .Answer(_owner, 16, Strings("abc", "def"))
            .Authority(_owner, 6, Soa(60))
            .Additional([0], 41, [0, 1, 0, 1, 9])
            .Build();

        Assert.True(DnsResponse.TryParse(whole, out _));
        for (int length = 0; length < whole.Length; length++)
            Assert.False(DnsResponse.TryParse(whole.AsSpan(0, length), out _), $"cut at {length}");
    }

    private static Message WithFlags(int flags)
    {
        Message message = For(1);
        message.Flags = (ushort)flags;
        return message;
    }

    /// <summary>A record whose RDLENGTH says something else than its data is long.</summary>
    private static byte[][] Record(int type, int length, byte[] data) => [_owner, U16(type), U16(1), U32(300), U16(length), data];
}
