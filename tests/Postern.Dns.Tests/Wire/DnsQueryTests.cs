using CsCheck;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Wire;

public class DnsQueryTests
{
    [Fact]
    public void Query_IsWrittenOctetForOctet()
    {
        var query = new DnsQuery(new DnsQuestion(Names.Of("ab.org"), DnsType.Mx), Random(0xbeef, 0));

        Assert.Equal(
            [
                0xbe, 0xef, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1,
                2, (byte)'a', (byte)'b', 3, (byte)'o', (byte)'r', (byte)'g', 0, 0, 15, 0, 1,
                0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0,
            ],
            Written(query));
    }

    [Fact]
    public void QueryWithoutEdns_EndsWithTheQuestion()
    {
        var query = new DnsQuery(new DnsQuestion(Names.Of("ab.org"), DnsType.Mx), Random(1, 0)) { UsesEdns = false };
        byte[] message = Written(query);

        Assert.Equal(24, message.Length);
        Assert.Equal(0, message[11]);
    }

    [Fact]
    public void DnssecOk_IsOneBitOfTheOptRecord()
    {
        var question = new DnsQuestion(Names.Of("ab.org"), DnsType.Tlsa);
        byte[] without = Written(new DnsQuery(question, Random(1, 0)));
        byte[] with = Written(new DnsQuery(question, Random(1, 0)) { IsDnssecOk = true });

        Assert.Equal(0x80, with[^4]);
        with[^4] = 0;
        Assert.Equal(without, with);
    }

    [Fact]
    public void RandomBits_DecideTheLetterCase()
    {
        var question = new DnsQuestion(Names.Of("a1-B.oRg"), DnsType.A);

        Assert.Equal("a1-b.org", new DnsQuery(question, Random(1, 0)).Question.Name.ToString());
        Assert.Equal("A1-B.ORG", new DnsQuery(question, Random(1, 0xff)).Question.Name.ToString());
        // On the wire a is octet 1, b 4, o 6, r 7 and g 8: bits 1, 3, 5 and 7 of each octet of random are set.
        Assert.Equal("A1-b.oRg", new DnsQuery(question, Random(1, 0xaa)).Question.Name.ToString());
    }

    [Fact]
    public void LongestName_FitsTheLimit()
    {
        string label = new('a', 63);
        DnsName name = Names.Of($"{label}.{label}.{label}.{new string('b', 61)}");
        var query = new DnsQuery(new DnsQuestion(name, DnsType.A), Random(1, 0xff));

        Assert.Equal(DnsQuery.MaxLength, Written(query).Length);
        // The last letter has its bit, too.
        Assert.Equal((byte)'B', query.Question.Name.Wire[^2]);
    }

    [Fact]
    public void QueryTurnedIntoAResponse_IsReadBackAsItWasAsked() =>
        Gen.Select(WireGen.HostName, Gen.Byte.Array[DnsQuery.RandomLength], Gen.Bool).Sample((text, random, edns) =>
        {
            var query = new DnsQuery(new DnsQuestion(Names.Of(text), DnsType.Txt), random) { UsesEdns = edns };
            byte[] message = Written(query);
            message[2] |= 0x80;

            Assert.True(DnsResponse.TryParse(message, out DnsResponse? response));
            Assert.Equal(query.Id, response.Header.Id);
            Assert.True(query.Question.Name.EqualsWithCase(response.Question.Name));
            Assert.Equal(DnsType.Txt, response.Question.Type);
            Assert.Equal(Names.Of(text), response.Question.Name);
        });

    private static byte[] Written(DnsQuery query)
    {
        byte[] message = new byte[DnsQuery.MaxLength];
        return message[..query.Write(message)];
    }

    private static byte[] Random(ushort id, byte letters) =>
        [.. Message.U16(id), .. Enumerable.Repeat(letters, DnsQuery.RandomLength - 2)];
}
