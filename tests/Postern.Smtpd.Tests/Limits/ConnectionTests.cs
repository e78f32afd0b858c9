using Postern.Smtpd.Tests.Harness;
using Postern.Text;

namespace Postern.Smtpd.Tests.Limits;

/// <summary>How many sessions there may be, in all and from one client.</summary>
public class ConnectionTests
{
    [Fact]
    public void SessionsBeyondTheTotal_AreTurnedAwayAtOnce()
    {
        using var server = new TestServer(head => head with { Connections = 3 });
        var clients = Enumerable.Range(0, 3).Select(i => server.Connect($"192.0.2.{i}")).ToArray();
        using (var one = server.Connect("192.0.2.200"))
        {
            Assert.StartsWith("421 4.7.0", Assert.Single(one.Replies), StringComparison.Ordinal);
            Assert.True(one.IsClosed);
        }

        clients[0].Dispose();
        Assert.Equal(2, server.Server.SessionCount);
        server.DemandService();
    }

    [Fact]
    public void SessionsOfOneClientBeyondItsShare_AreTurnedAway()
    {
        using var server = new TestServer(head => head with { ConnectionsPerClient = 2 });
        using var first = server.Connect("192.0.2.1");
        using var second = server.Connect("192.0.2.1");
        using var third = server.Connect("192.0.2.1");
        using var other = server.Connect("192.0.2.2");
        Assert.Equal([220, 220, 421, 220], new[] { first, second, third, other }.Select(client => client.LastCode));
        first.Dispose();
        using var fourth = server.Connect("192.0.2.1");
        Assert.Equal(220, fourth.LastCode);
    }

    [Fact]
    public void IPv6Client_IsItsWholeNetwork()
    {
        using var server = new TestServer(head => head with { ConnectionsPerClient = 1 });
        using var first = server.Connect("2001:db8:0:1::1");
        using var neighbour = server.Connect("2001:db8:0:1:ffff::2");
        using var other = server.Connect("2001:db8:0:2::1");
        Assert.Equal([220, 421, 220], new[] { first, neighbour, other }.Select(client => client.LastCode));
    }

    [Fact]
    public void TrustedClient_HasNoShare()
    {
        using var server = new TestServer(head => head with { ConnectionsPerClient = 1 });
        var clients = Enumerable.Range(0, 20).Select(_ => server.Connect(TestServer.Friend)).ToArray();
        Assert.All(clients, client => Assert.Equal(220, client.LastCode));
    }

    [Fact]
    public void TenthOfTheSessions_IsKeptForTrustedClients()
    {
        using var server = new TestServer(head => head with { Connections = 20 });
        var strangers = Enumerable.Range(0, 19).Select(i => server.Connect($"192.0.2.{i}")).ToArray();
        Assert.Equal([220, 421], strangers.TakeLast(2).Select(client => client.LastCode));
        var friends = Enumerable.Range(0, 3).Select(_ => server.Connect(TestServer.Friend)).ToArray();
        Assert.Equal([220, 220, 421], friends.Select(client => client.LastCode));
    }

    [Fact]
    public void CrowdedServer_HasLittlePatienceWithStrangers()
    {
        // Ten seconds for a command, and one mistake.
        using var server = new TestServer(head => head with { Connections = 10 });
        var first = Enumerable.Range(0, 6).Select(i => server.Connect($"192.0.2.{i}")).ToArray();
        using var friend = server.Connect(TestServer.Friend);
        using var last = server.Connect("192.0.2.8");
        Assert.StartsWith("421 4.7.0", first[0].Ask("WHAT"), StringComparison.Ordinal);
        Assert.StartsWith("500 ", friend.Ask("WHAT"), StringComparison.Ordinal);
        server.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([421, 220, 500], new[] { last, first[1], friend }.Select(client => client.LastCode));
        last.Dispose();
        first[0].Dispose();
        // No crowd any more.
        using var next = server.Connect("192.0.2.9");
        Assert.StartsWith("500 ", next.Ask("WHAT"), StringComparison.Ordinal);
        server.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(500, next.LastCode);
    }

    [Fact]
    public void ClientWithoutSessions_IsForgotten()
    {
        var counts = new ClientCounts();
        Assert.True(IpAddress.TryParse("2001:db8::1", out var client));
        Assert.True(IpAddress.TryParse("2001:db8::2", out var neighbour));
        counts.Add(client);
        counts.Add(neighbour);
        Assert.Equal((2, 1), (counts.CountOf(client), counts.Count));
        counts.Remove(client);
        counts.Remove(neighbour);
        Assert.Equal((0, 0), (counts.CountOf(client), counts.Count));
    }
}
