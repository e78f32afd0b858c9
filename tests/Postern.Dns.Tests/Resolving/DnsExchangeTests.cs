using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Resolving;

public class DnsExchangeTests
{
    private const string Name = "eXaMPle.org";

    private readonly DnsExchange _exchange = new(Query());

    public static TheoryData<string, byte[]> Strays
    {
        get
        {
            Message wrongId = Right(), query = Right(), opcode = Right();
            wrongId.Id ^= 1;
            query.Flags ^= 0x8000;
            opcode.Flags |= 0x0800;
            return new()
            {
                { "wrong identifier", wrongId.Build() },
                { "a query", query.Build() },
                { "another opcode", opcode.Build() },
                { "another name", new Message().Question("eXaMPle.net", 1).Build() },
                { "a name that goes on", new Message().Question(Name + ".a", 1).Build() },
                { "another type", new Message().Question(Name, 28).Build() },
                { "another class", new Message().Question(Name, 1, dnsClass: 3).Build() },
                { "the name in lower case", new Message().Question("example.org", 1).Build() },
                { "one letter in another case", new Message().Question("eXaMPle.orG", 1).Build() },
                { "no question", new Message().Build() },
                { "two questions", new Message().Question(Name, 1).Question(Name, 1).Build() },
                { "a header alone that counts a question", Right().Build()[..12] },
                { "half a header", Right().Build()[..11] },
                { "half a question", Right().Build()[..20] },
                { "nothing", [] },
            };
        }
    }

    [Fact]
    public void RightAnswer_IsTaken()
    {
        Assert.Equal(DatagramVerdict.Answered, _exchange.Judge(Right().Build(), out DnsResponse? response));
        Assert.Single(response!.Answers);
        Assert.False(_exchange.HasSeenStrays);
    }

    [Theory]
    [MemberData(nameof(Strays))]
    public void WrongDatagram_IsIgnoredAndTheRightOneStillTaken(string reason, byte[] stray)
    {
        Assert.Equal(DatagramVerdict.Stray, Judge(stray));
        Assert.True(_exchange.HasSeenStrays, reason);
        Assert.Equal(DatagramVerdict.Answered, Judge(Right().Build()));
    }

    [Fact]
    public void TruncatedAnswer_IsToBeAskedForByTcp()
    {
        Message message = Right();
        message.Flags |= 0x0200;

        Assert.Equal(DatagramVerdict.Truncated, Judge(message.Build()));
        // Cut in the middle of a record.
        Assert.Equal(DatagramVerdict.Truncated, Judge(message.Build()[..^3]));
    }

    [Fact]
    public void TruncatedStray_IsAStray()
    {
        Message message = Right();
        message.Flags |= 0x0200;
        message.Id ^= 0x8000;

        Assert.Equal(DatagramVerdict.Stray, Judge(message.Build()));
    }

    [Fact]
    public void AnswerWithBrokenRecords_IsMalformed() =>
        Assert.Equal(DatagramVerdict.Malformed, Judge(Right().Build()[..^1]));

    [Fact]
    public void TooManyStrays_AreAFlood()
    {
        byte[] stray = new Message().Build();
        for (int i = 0; i < DnsExchange.MaxStrays; i++)
            Assert.Equal(DatagramVerdict.Stray, Judge(stray));
        Assert.Equal(DatagramVerdict.Flooded, Judge(stray));
    }

    [Fact]
    public void MessageOfAStream_MayHaveAnotherLetterCaseButNothingElse()
    {
        Assert.True(JudgeStream(new Message().Question("EXAMPLE.ORG", 1)));
        Assert.True(JudgeStream(Right()));
        Assert.False(JudgeStream(new Message().Question("example.net", 1)));
        Assert.False(JudgeStream(new Message().Question(Name, 28)));
        Assert.False(JudgeStream(new Message { Id = 1 }.Question(Name, 1)));
        Assert.False(JudgeStream(new Message { Flags = 0x0180 }.Question(Name, 1)));
        Assert.False(JudgeStream(new Message { Flags = 0x8380 }.Question(Name, 1)));
        Assert.False(JudgeStream(Right().Count(1, 2)));
        Assert.False(_exchange.TryJudgeStream([], out _));
    }

    private static DnsQuery Query()
    {
        // Bits 2, 4 and 5 are those of X, M and P.
        byte[] random = [0x12, 0x34, 0b0011_0100, .. new byte[DnsQuery.RandomLength - 3]];
        var query = new DnsQuery(new DnsQuestion(Names.Of("example.org"), DnsType.A), random);
        Assert.Equal(Name, query.Question.Name.ToString());
        return query;
    }

    private static Message Right() => new Message().Question(Name, 1).Answer(Message.Pointer(12), 1, [192, 0, 2, 1]);

    private DatagramVerdict Judge(byte[] datagram) => _exchange.Judge(datagram, out _);

    private bool JudgeStream(Message message) => _exchange.TryJudgeStream(message.Build(), out _);
}
