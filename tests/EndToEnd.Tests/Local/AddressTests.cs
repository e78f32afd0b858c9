using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Local;

/// <summary>Where mail for our own addresses ends up.</summary>
public sealed class AddressTests : IDisposable
{
    private readonly PosternServer _server = PosternServer.Start(new PosternConfiguration
    {
        Aliases = """
            "team@example.org" = ["alice", "bob"]
            "chain@example.org" = "team@example.org"
            "bob+lists@example.org" = "alice@example.org"
            "@example.org" = "bob@example.org"
            """,
    });

    private readonly string _mark = Samples.Mark();

    [Theory]
    [InlineData("alice@example.org", "alice", null)]
    // Capitals do not count.
    [InlineData("ALICE@Example.ORG", "alice", null)]
    [InlineData("alice+anything@example.org", "alice", null)]
    [InlineData("alice-anything@example.org", "alice", null)]
    // The longer match wins.
    [InlineData("bob+lists@example.org", "alice", null)]
    [InlineData("team@example.org", "alice", "bob")]
    // An alias of an alias.
    [InlineData("chain@example.org", "alice", "bob")]
    // The catch-all.
    [InlineData("nobody-knows@example.org", "bob", null)]
    // Always there (RFC 5321 §4.5.1), also without a domain.
    [InlineData("postmaster@example.org", "alice", null)]
    [InlineData("postmaster", "alice", null)]
    [InlineData("PostMaster@mx.example.org", "alice", null)]
    public void AnAddress_ReachesItsMailboxes(string address, string first, string? second)
    {
        var sent = Samples.Message(_mark);
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            Assert.Equal(250, client.SendByData("stranger@elsewhere.example", [address], sent).Code);
        }

        _server.Mailbox(first).Await(_mark).MustBe(sent);
        if (second is not null)
        {
            _server.Mailbox(second).Await(_mark).MustBe(sent);
        }

        Assert.Equal(0, _server.Stop());
        Assert.Equal(second is null ? 1 : 2, _server.Mailbox("alice").Count + _server.Mailbox("bob").Count);
    }

    public void Dispose() => _server.Dispose();
}
