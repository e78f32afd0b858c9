using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;

namespace Postern.Dns.Tests.Resolving;

/// <summary>CNAME chains within an answer and from answer to answer (attack I9).</summary>
public class AliasTests
{
    private static readonly byte[] _address = [192, 0, 2, 1];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(8, 3)]
    [InlineData(8, 8)]
    public async Task Chain_IsFollowed(int length, int perAnswer)
    {
        var found = Assert.IsType<Resolution.Found>(await Chain(length, perAnswer).Resolve("n0"));
        Assert.Equal(Names.Of($"n{length}"), found.CanonicalName);
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(9, 9)]
    [InlineData(100, 1)]
    [InlineData(100, 100)]
    public async Task ChainThatIsTooLong_IsTemporarilyUnavailable(int length, int perAnswer)
    {
        ResolverFixture fixture = Chain(length, perAnswer);
        Assert.Equal(UnavailableReason.TooManyAliases, await fixture.Fail("n0"));
        Assert.True(fixture.Network.Log.Count <= 9);
    }

    [Theory]
    // To itself, by two, and into a circle that the name is not part of; in one answer and one by one.
    [InlineData("a", "a", "a", false)]
    [InlineData("b", "a", "a", false)]
    [InlineData("b", "c", "b", false)]
    [InlineData("a", "a", "a", true)]
    [InlineData("b", "a", "a", true)]
    [InlineData("b", "c", "b", true)]
    public async Task Circle_IsNoticed(string ofA, string ofB, string ofC, bool oneByOne)
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked =>
        {
            var targets = new Dictionary<string, string> { ["a"] = ofA, ["b"] = ofB, ["c"] = ofC };
            Message message = asked.Reply();
            foreach ((string owner, string target) in targets)
            {
                if (!oneByOne || asked.IsFor(owner))
                    message.Answer(Message.Name(owner), 5, Message.Name(target.ToUpperInvariant()));
            }
            return [new(message.Build())];
        };

        Assert.Equal(UnavailableReason.TooManyAliases, await fixture.Fail("a"));
        Assert.True(fixture.Network.Log.Count <= 3);
    }

    [Fact]
    public async Task ChainInAnyOrder_IsFollowed()
    {
        ResolverFixture fixture = Answering(asked => asked.Reply()
            .Answer(Message.Name("c"), 1, _address)
            .Answer(Message.Name("b"), 5, Message.Name("c"))
            .Answer(Message.Name("a"), 5, Message.Name("b")));

        Assert.Equal(Names.Of("c"), Assert.IsType<Resolution.Found>(await fixture.Resolve("a")).CanonicalName);
        Assert.Single(fixture.Network.Log);
    }

    [Fact]
    public async Task RecordsBesideTheChain_AreNotTaken()
    {
        ResolverFixture fixture = Answering(asked => asked.Reply()
            .Answer(Message.Name("a"), 5, Message.Name("b"))
            .Answer(Message.Name("bank.example"), 1, [192, 0, 2, 66])
            .Answer(Message.Name("b"), 1, _address));

        Assert.Single(Assert.IsType<Resolution.Found>(await fixture.Resolve("a")).Records);
    }

    [Fact]
    public async Task AliasOfANameThatDoesNotExist_DoesNotExist()
    {
        ResolverFixture fixture = Answering(asked => asked.Reply(code: 3)
            .Answer(Message.Pointer(12), 5, Message.Name("b"))
            .Authority(Message.Name("example.org"), 6, Message.Soa(60)));

        Assert.IsType<Resolution.NoSuchName>(await fixture.Resolve("a"));
    }

    [Fact]
    public async Task AliasOfANameWithoutSuchRecords_HasNone()
    {
        ResolverFixture fixture = Answering(asked => asked.Reply()
            .Answer(Message.Pointer(12), 5, Message.Name("b"))
            .Authority(Message.Name("example.org"), 6, Message.Soa(60)));

        Assert.Equal(Names.Of("b"), Assert.IsType<Resolution.NoRecords>(await fixture.Resolve("a")).CanonicalName);
        Assert.Single(fixture.Network.Log);
    }

    [Fact]
    public async Task FailureBehindAnAlias_IsTemporary()
    {
        ResolverFixture fixture = Answering(asked =>
            asked.IsFor("a") ? asked.Reply().Answer(Message.Pointer(12), 5, Message.Name("b")) : asked.Reply(code: 2));

        Assert.Equal(UnavailableReason.ServerFailure, await fixture.Fail("a"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Chain_IsAuthenticatedOnlyWhenEachAnswerIs(bool first, bool second)
    {
        var fixture = new ResolverFixture(isTrusted: true);
        fixture.Network.Datagrams = asked =>
        {
            bool isFirst = asked.IsFor("a");
            Message message = isFirst ? asked.Reply().Answer(Message.Pointer(12), 5, Message.Name("b")) : asked.ReplyAddress();
            message.Flags |= (ushort)((isFirst ? first : second) ? 0x20 : 0);
            return [new(message.Build())];
        };
        Assert.Equal(first && second, (await fixture.Resolve("a")).IsAuthenticated);
    }

    [Fact]
    public async Task ShortestTimeToLiveOfTheChain_Holds()
    {
        ResolverFixture fixture = Answering(asked => asked.Reply()
            .Answer(Message.Name("a"), 5, Message.Name("b"), ttl: 40)
            .Answer(Message.Name("b"), 1, _address, ttl: 60)
            .Answer(Message.Name("b"), 1, _address, ttl: 50));
        Assert.Equal(40u, (await fixture.Resolve("a")).TimeToLive);

        fixture = Answering(asked => asked.Reply()
            .Answer(Message.Name("a"), 5, Message.Name("b"), ttl: 80)
            .Answer(Message.Name("b"), 1, _address, ttl: 60)
            .Answer(Message.Name("b"), 1, _address, ttl: 50));
        Assert.Equal(50u, (await fixture.Resolve("a")).TimeToLive);
    }

    private static ResolverFixture Answering(Func<Asked, Message> reply)
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(reply(asked).Build())];
        return fixture;
    }

    /// <summary>n0 is an alias of n1 and so on to the last; only so many of them are given per answer.</summary>
    private static ResolverFixture Chain(int length, int perAnswer) => Answering(asked =>
    {
        int at = int.Parse(asked.Name[1..]);
        Message message = asked.Reply();
        for (int given = 0; given < perAnswer && at < length; given++, at++)
            message.Answer(Message.Name($"n{at}"), 5, Message.Name($"n{at + 1}"));
        return at == length ? message.Answer(Message.Name($"N{at}"), 1, _address) : message;
    });
}
