using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;

namespace Postern.Dns.Tests.Resolving;

/// <summary>Forgers, floods, truncation and broken streams (attack I10).</summary>
public class HostileServerTests
{
    public static TheoryData<string> BadStreams => ["truncated", "wrong id", "another name", "empty", "length only", "malformed", "longest"];

    /// <summary>Octets of the right answer by TCP.</summary>
    private static int StreamLength =>
        FakeNetwork.Prefixed(Message.For(1).Answer(Message.Pointer(12), 1, new byte[4]).Build()).Length;

    [Fact]
    public async Task ForgedDatagramsBeforeTheAnswer_AreIgnored()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked =>
        {
            Message wrongId = asked.Reply(code: 3);
            wrongId.Id ^= 0x0100;
            return
            [
                new(wrongId.Build()),
                new(new Message { Id = asked.Id }.Question("example.net", 1).Build()),
                new(new Message { Id = asked.Id }.Question(Inverted(asked.Name), 1).Build()),
                new([]),
                new(asked.ReplyAddress().Build(), TimeSpan.FromSeconds(1)),
            ];
        };

        Assert.Equal(1, await fixture.Server());
        Assert.Single(fixture.Network.Log);
    }

    [Theory]
    [InlineData(0.3)]
    // The last one in time comes at the very end of it.
    [InlineData(0.5)]
    public async Task ForgedDatagrams_DoNotProlongTheWait(double pause)
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => Enumerable.Repeat(new Heard([], TimeSpan.FromSeconds(pause)), 15);
        await fixture.Fail();

        Assert.Equal("2s tcp 1 EXAMPLE.ORG 1", fixture.Network.Log[1].ToString());
    }

    [Fact]
    public async Task Flood_SendsTheQuestionToTcp()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => Enumerable.Repeat(new Heard([1, 2, 3]), 10_000);
        fixture.Network.Streams = WholeStream;

        Assert.Equal(1, await fixture.Server());
        Assert.Equal(["0s udp 1 EXAMPLE.ORG 1", "0s tcp 1 EXAMPLE.ORG 1"], fixture.Network.Told);
    }

    [Fact]
    public async Task ForwarderThatWritesNamesInLowerCase_IsHeardByTcp()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked =>
            [new(new Message { Id = asked.Id }.Question(Inverted(asked.Name), 1).Build())];
        fixture.Network.Streams = asked =>
        {
            Message message = new Message { Id = asked.Id }.Question("example.org", 1).Answer(Message.Pointer(12), 1, [192, 0, 2, 1]);
            return [new(FakeNetwork.Prefixed(message.Build()))];
        };

        Assert.Equal(1, await fixture.Server());
    }

    [Fact]
    public async Task TruncatedAnswer_IsAskedForByTcp()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.ReplyTruncated())];
        fixture.Network.Streams = WholeStream;

        Assert.Equal(1, await fixture.Server());
        Assert.Equal(["0s udp 1 EXAMPLE.ORG 1", "0s tcp 1 EXAMPLE.ORG 1"], fixture.Network.Told);
    }

    [Fact]
    public async Task MalformedDatagram_IsAskedForByTcp()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.ReplyAddress().Build()[..^1])];
        fixture.Network.Streams = WholeStream;

        Assert.Equal(1, await fixture.Server());
    }

    [Fact]
    public async Task StreamOctetByOctet_IsPutTogether()
    {
        ResolverFixture fixture = ByTcp(asked =>
            FakeNetwork.Prefixed(asked.ReplyAddress().Build()).Select(octet => new Heard([octet], TimeSpan.FromMilliseconds(10))));

        Assert.Equal(1, await fixture.Server());
    }

    [Fact]
    public async Task StreamSplitAnywhere_IsPutTogether()
    {
        for (int at = 1; at < StreamLength; at++)
        {
            ResolverFixture fixture = ByTcp(asked =>
            {
                byte[] whole = FakeNetwork.Prefixed(asked.ReplyAddress().Build());
                return [new(whole[..at]), new(whole[at..])];
            });
            Assert.Equal(1, await fixture.Server());
        }
    }

    [Fact]
    public async Task StreamThatEndsAnywhere_IsAFailureOfThatServer()
    {
        for (int at = 0; at < StreamLength; at++)
        {
            ResolverFixture fixture = ByTcp(asked => [new(FakeNetwork.Prefixed(asked.ReplyAddress().Build())[..at]), new(null)]);
            Assert.Equal(UnavailableReason.NetworkError, await fixture.Fail());
        }
    }

    [Theory]
    [MemberData(nameof(BadStreams))]
    public async Task WrongMessageByTcp_IsAFailureOfThatServer(string kind)
    {
        ResolverFixture fixture = ByTcp(asked => [new(FakeNetwork.Prefixed(kind switch
        {
            "truncated" => asked.ReplyTruncated(),
            "wrong id" => new Message { Id = (ushort)(asked.Id ^ 1) }.Question(asked.Name, 1).Build(),
            "another name" => new Message { Id = asked.Id }.Question("example.net", 1).Build(),
            "length only" => [0],
            "malformed" => asked.ReplyAddress().Build()[..^1],
            "longest" => new byte[65535],
            _ => [],
        }))]);

        Assert.Equal(UnavailableReason.BadAnswer, await fixture.Fail());
    }

    [Fact]
    public async Task LongestMessageByTcp_IsRead()
    {
        ResolverFixture fixture = ByTcp(asked =>
        {
            byte[] message = asked.ReplyAddress().Build();
            return [new(FakeNetwork.Prefixed([.. message, .. new byte[65535 - message.Length]]))];
        });

        Assert.Equal(1, await fixture.Server());
    }

    [Fact]
    public async Task StreamThatDrips_IsGivenUp()
    {
        ResolverFixture fixture = ByTcp(asked =>
            FakeNetwork.Prefixed(new byte[65535]).Select(octet => new Heard([octet], TimeSpan.FromSeconds(1))));

        Assert.Equal(UnavailableReason.TimedOut, await fixture.Fail());
        // Once in each round.
        Assert.Equal(TimeSpan.FromSeconds(10), fixture.Clock.Now);
    }

    [Fact]
    public async Task ConnectionThatTakesTooLong_IsGivenUp()
    {
        ResolverFixture fixture = ByTcp(_ => null);
        fixture.Network.ConnectTime = TimeSpan.FromMinutes(1);

        Assert.Equal(UnavailableReason.TimedOut, await fixture.Fail());
        Assert.Equal(TimeSpan.FromSeconds(10), fixture.Clock.Now);
    }

    [Fact]
    public async Task BrokenConnection_IsAFailureOfThatServer() =>
        Assert.Equal(UnavailableReason.NetworkError, await ByTcp(_ => null).Fail());

    [Fact]
    public async Task ServersThatDoTheirWorst_EndWithinTheWholeTime()
    {
        var fixture = new ResolverFixture(servers: 3);
        fixture.Network.Datagrams = asked => [new([], TimeSpan.FromSeconds(1.9))];
        fixture.Network.Streams = asked => FakeNetwork.Prefixed(new byte[60]).Select(octet => new Heard([octet], TimeSpan.FromSeconds(0.5)));

        Assert.Equal(UnavailableReason.TimedOut, await fixture.Fail());
        Assert.Equal(ResolverTimeouts.Overall, fixture.Clock.Now);
        Assert.All(fixture.Network.Log, asked => Assert.True(asked.At < ResolverTimeouts.Overall));
    }

    /// <summary>A server whose datagrams all say that the answer is too long for them.</summary>
    private static ResolverFixture ByTcp(Func<Asked, IEnumerable<Heard>?> streams)
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.ReplyTruncated())];
        fixture.Network.Streams = streams;
        return fixture;
    }

    private static IEnumerable<Heard> WholeStream(Asked asked) => [new(FakeNetwork.Prefixed(asked.ReplyAddress().Build()))];

    private static string Inverted(string name) =>
        new([.. name.Select(letter => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter))]);
}
