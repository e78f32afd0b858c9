using Postern.Dns.Wire;
using static Postern.Dns.Tests.Wire.Message;

namespace Postern.Dns.Tests.Wire;

public class DnsResponseTests
{
    private static readonly byte[] _owner = Pointer(12);

    [Fact]
    public void EveryTypeOfRecordThatWeUse_IsTakenApart()
    {
        DnsResponse response = Parsed(For(255)
            .Answer(_owner, 1, [192, 0, 2, 7], ttl: 60)
            .Answer(_owner, 28, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])
            .Answer(Name("www.example.org"), 5, _owner)
            .Answer(_owner, 15, Mx(10, [2, (byte)'m', (byte)'x', .. _owner]))
            .Answer(_owner, 16, Strings("v=spf1 ", "", "-all"))
            .Answer(_owner, 52, [3, 1, 1, 0xaa, 0xbb]));

        DnsName owner = Names.Of("example.org");
        Assert.Equal(owner, response.Question.Name);
        Assert.Equal((DnsType)255, response.Question.Type);
        Assert.Collection(
            response.Answers,
            record => Assert.Equal(new AddressRecord(owner, 60, DnsType.A, Addresses.Of(192, 0, 2, 7)), record),
            record => Assert.Equal(
                new AddressRecord(owner, 300, DnsType.Aaaa, Addresses.Of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9)), record),
            record => Assert.Equal(new AliasRecord(Names.Of("www.example.org"), 300, owner), record),
            record => Assert.Equal(new ExchangerRecord(owner, 300, 10, Names.Of("mx.example.org")), record),
            record => Assert.Equal("v=spf1 -all"u8, Assert.IsType<TextRecord>(record).Text),
            record =>
            {
                var association = Assert.IsType<CertificateAssociationRecord>(record);
                Assert.Equal((3, 1, 1), (association.Usage, association.Selector, association.MatchingType));
                Assert.Equal([0xaa, 0xbb], association.Association);
            });
    }

    [Fact]
    public void TypeOfARecord_IsThatOnTheWire()
    {
        DnsResponse response = Parsed(For(255)
            .Answer(_owner, 1, [192, 0, 2, 7])
            // An IPv4 address mapped into IPv6 is still an AAAA record.
            .Answer(_owner, 28, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1])
            .Answer(_owner, 5, _owner)
            .Answer(_owner, 15, Mx(10, _owner))
            .Answer(_owner, 16, Strings(""))
            .Answer(_owner, 52, [3, 1, 1, 0xaa]));

        Assert.Equal([1, 28, 5, 15, 16, 52], response.Answers.Select(record => (int)record.Type));
    }

    [Fact]
    public void UnknownTypesAndClasses_AreSkipped()
    {
        DnsResponse response = Parsed(For(1)
            .Answer(_owner, 46, [1, 2, 3])
            .Answer(_owner, 1, [1], dnsClass: 3)
            .Answer(_owner, 65280, [])
            .Answer(_owner, 1, [192, 0, 2, 1]));

        Assert.Single(response.Answers);
    }

    [Fact]
    public void AuthorityAndAdditionalRecords_AreNotTakenForAnswers()
    {
        DnsResponse response = Parsed(For(1)
            .Authority(_owner, 1, [192, 0, 2, 1])
            .Additional(_owner, 1, [192, 0, 2, 2]));

        Assert.Empty(response.Answers);
        Assert.Null(response.NegativeTimeToLive);
    }

    [Theory]
    // The lesser of both numbers (RFC 2308 §5).
    [InlineData(300u, 60u, 60u)]
    [InlineData(30u, 60u, 30u)]
    // A time to live with the top bit set is zero (RFC 2181 §8).
    [InlineData(0x80000000u, 60u, 0u)]
    public void StartOfAuthority_SaysHowLongANoHolds(uint ttl, uint minimum, uint expected) =>
        Assert.Equal(expected, Parsed(For(1).Authority(_owner, 6, Soa(minimum), ttl)).NegativeTimeToLive);

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0x7fffffffu, 0x7fffffffu)]
    [InlineData(0x80000000u, 0u)]
    [InlineData(0xffffffffu, 0u)]
    public void TimeToLive_NeverExceedsItsRange(uint ttl, uint expected) =>
        Assert.Equal(expected, Parsed(For(1).Answer(_owner, 1, [192, 0, 2, 1], ttl)).Answers[0].TimeToLive);

    [Fact]
    public void Flags_AreRead()
    {
        Message message = For(1);
        message.Flags = 0x8000 | 0x0400 | 0x0200 | 0x0080 | 0x0020 | 3;
        DnsResponse response = Parsed(message);

        Assert.True(response.Header.IsAuthoritative);
        Assert.True(response.Header.IsTruncated);
        Assert.True(response.Header.IsRecursionAvailable);
        Assert.True(response.Header.IsAuthenticData);
        Assert.Equal(DnsResponseCode.NameError, response.ResponseCode);

        message.Flags = 0x8000;
        response = Parsed(message);
        Assert.False(response.Header.IsAuthoritative || response.Header.IsTruncated);
        Assert.False(response.Header.IsRecursionAvailable || response.Header.IsAuthenticData);
    }

    [Fact]
    public void OptRecord_ExtendsTheResponseCode()
    {
        // 1 above, 0 below: BADVERS, 16, which the header alone would show as NOERROR.
        Assert.Equal((DnsResponseCode)16, Parsed(For(1).Additional([0], 41, [], ttl: 0x01000000)).ResponseCode);
        Assert.Equal((DnsResponseCode)0xff0, Parsed(For(1).Additional([0], 41, [], ttl: 0xff000000)).ResponseCode);
    }

    [Fact]
    public void OptionsOfTheOptRecord_AreNotLookedInto() =>
        Parsed(For(1).Additional([0], 41, [.. U16(65001), .. U16(3), 1, 2, 3, .. U16(0), .. U16(0)], dnsClass: 65535));

    [Fact]
    public void RecordsPastTheLimit_AreDropped() =>
        Assert.Equal(DnsResponse.MaxRecords, Parsed(WithThousandAddresses()).Answers.Count);

    [Fact]
    public void FaultBehindTheLimit_StillRefusesTheMessage() =>
        Assert.False(DnsResponse.TryParse(WithThousandAddresses().Answer(_owner, 1, [1]).Build(), out _));

    [Fact]
    public void TextOf64KiB_IsRead()
    {
        string[] strings = [.. Enumerable.Repeat(new string('t', 255), 255)];
        DnsResponse response = Parsed(For(16).Answer(_owner, 16, Strings(strings)));

        Assert.Equal(255 * 255, Assert.IsType<TextRecord>(response.Answers[0]).Text.Length);
    }

    [Fact]
    public void RecordsWithTheQuestionsName_ShareIt()
    {
        DnsResponse response = Parsed(For(1).Answer(_owner, 1, [192, 0, 2, 1]).Answer(_owner, 1, [192, 0, 2, 2]));

        Assert.Same(response.Question.Name, response.Answers[0].Owner);
        Assert.Same(response.Question.Name, response.Answers[1].Owner);
    }

    private static DnsResponse Parsed(Message message)
    {
        Assert.True(DnsResponse.TryParse(message.Build(), out DnsResponse? response));
        return response;
    }

    private static Message WithThousandAddresses()
    {
        Message message = For(1);
        for (int i = 0; i < 1000; i++)
            message.Answer(_owner, 1, [192, 0, (byte)(i / 256), (byte)(i % 256)]);
        return message;
    }
}
