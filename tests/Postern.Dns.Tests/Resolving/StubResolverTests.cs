using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;

namespace Postern.Dns.Tests.Resolving;

/// <summary>Servers, rounds and time.</summary>
public class StubResolverTests
{
    [Fact]
    public async Task Answer_IsFound()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.ReplyAddress().Build())];

        var found = Assert.IsType<Resolution.Found>(await fixture.Resolve());
        Assert.Equal(Names.Of("example.org"), found.CanonicalName);
        Assert.Single(found.Records);
        Assert.Equal(["0s udp 1 EXAMPLE.ORG 1"], fixture.Network.Told);
    }

    [Fact]
    public async Task EachQuery_HasItsOwnIdentifierAndLetterCase()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.ReplyAddress().Build())];
        for (int i = 0; i < 50; i++)
            await fixture.Resolve("www.example.org");

        Assert.True(fixture.Network.Log.Select(asked => asked.Id).Distinct().Count() >= 49);
        Assert.True(fixture.Network.Log.Select(asked => asked.Name).Distinct().Count() >= 45);
    }

    [Theory]
    [InlineData(2, UnavailableReason.ServerFailure)]
    [InlineData(5, UnavailableReason.Refused)]
    [InlineData(1, UnavailableReason.BadAnswer)]
    [InlineData(4, UnavailableReason.BadAnswer)]
    [InlineData(9, UnavailableReason.BadAnswer)]
    public async Task ServerThatCannotTell_LeavesTheQuestionToTheNext(int code, UnavailableReason reason)
    {
        var fixture = new ResolverFixture(servers: 2);
        fixture.Network.Datagrams = asked => [new((asked.Server == 1 ? asked.Reply(code) : asked.ReplyAddress()).Build())];
        Assert.Equal(2, await fixture.Server());
        Assert.Equal(TimeSpan.Zero, fixture.Clock.Now);

        // Nobody can tell: temporary, and at once, since asking again would bring the same.
        fixture = new ResolverFixture(servers: 2);
        fixture.Network.Datagrams = asked => [new(asked.Reply(code).Build())];
        Assert.Equal(reason, await fixture.Fail());
        Assert.Equal(TimeSpan.Zero, fixture.Clock.Now);
        Assert.Equal(2, fixture.Network.Log.Count(asked => asked.HasEdns));
    }

    [Fact]
    public async Task SilentServers_AreAskedTwiceWithGrowingPatience()
    {
        var fixture = new ResolverFixture(servers: 3);

        Assert.Equal(UnavailableReason.TimedOut, await fixture.Fail());
        Assert.Equal(
            [
                "0s udp 1 EXAMPLE.ORG 1", "2s udp 2 EXAMPLE.ORG 1", "4s udp 3 EXAMPLE.ORG 1",
                "6s udp 1 EXAMPLE.ORG 1", "10s udp 2 EXAMPLE.ORG 1", "14s udp 3 EXAMPLE.ORG 1",
            ],
            fixture.Network.Told);
        Assert.Equal(TimeSpan.FromSeconds(18), fixture.Clock.Now);
    }

    [Fact]
    public async Task ServerThatAnswersInTheSecondRound_IsHeard()
    {
        var fixture = new ResolverFixture(servers: 2);
        fixture.Network.Datagrams = asked => asked.At >= TimeSpan.FromSeconds(4) && asked.Server == 1
            ? [new(asked.ReplyAddress().Build(), TimeSpan.FromSeconds(3))]
            : [];

        Assert.Equal(1, await fixture.Server());
        Assert.Equal(TimeSpan.FromSeconds(7), fixture.Clock.Now);
    }

    [Fact]
    public async Task ServerThatFailed_IsNotAskedAgainInTheSecondRound()
    {
        var fixture = new ResolverFixture(servers: 2);
        fixture.Network.Datagrams = asked => asked.Server == 1 ? [new(asked.Reply(code: 2).Build())] : [];

        Assert.Equal(UnavailableReason.ServerFailure, await fixture.Fail());
        Assert.Equal(["0s udp 1 EXAMPLE.ORG 1", "0s udp 2 EXAMPLE.ORG 1", "2s udp 2 EXAMPLE.ORG 1"], fixture.Network.Told);
    }

    [Fact]
    public async Task ServerThatAnsweredLast_IsAskedFirst()
    {
        var fixture = new ResolverFixture(servers: 3);
        fixture.Network.Datagrams = asked => asked.Server == 3 ? [new(asked.ReplyAddress().Build())] : [];

        Assert.Equal(3, await fixture.Server());
        Assert.Equal(TimeSpan.FromSeconds(4), fixture.Clock.Now);
        Assert.Equal(3, await fixture.Server());
        Assert.Equal(TimeSpan.FromSeconds(4), fixture.Clock.Now);
    }

    [Fact]
    public async Task FourthServer_IsNotAsked()
    {
        var fixture = new ResolverFixture(servers: 4);
        await fixture.Fail();

        Assert.DoesNotContain(fixture.Network.Log, asked => asked.Server == 4);
    }

    [Fact]
    public async Task NoServer_IsTemporary() =>
        Assert.Equal(UnavailableReason.NoServer, await new ResolverFixture(servers: 0).Fail());

    [Fact]
    public async Task UnreachableServers_AreTemporary()
    {
        var fixture = new ResolverFixture(servers: 2);
        fixture.Network.Datagrams = _ => [new(null)];
        Assert.Equal(UnavailableReason.NetworkError, await fixture.Fail());

        fixture = new ResolverFixture();
        fixture.Network.CanOpenDatagrams = false;
        Assert.Equal(UnavailableReason.NetworkError, await fixture.Fail());
    }

    [Fact]
    public async Task ServerWithoutEdns_IsAskedWithoutIt()
    {
        foreach (int code in new[] { 1, 4 })
        {
            var fixture = new ResolverFixture();
            fixture.Network.Datagrams = asked => [new((asked.HasEdns ? asked.Reply(code) : asked.ReplyAddress()).Build())];

            Assert.Equal(1, await fixture.Server());
            Assert.Equal(["0s udp 1 EXAMPLE.ORG 1", "0s udp 1 EXAMPLE.ORG 1 plain"], fixture.Network.Told);
            Assert.NotEqual(fixture.Network.Log[0].Id, fixture.Network.Log[1].Id);
        }
    }
}
