using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.Text;

namespace Postern.Remote.Tests.Hops;

public sealed class TargetTests
{
    private const string Good = "> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok";

    [Fact]
    public void MxThatLeadsToALocalPort_IsNeverConnectedTo()
    {
        using var remote = new RemoteUnderTest(new TableResolver("e.test MX 10 mx.e.test", "mx.e.test A 127.0.0.1"));
        using var server = new ScriptedServer(remote.Loop, Good);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "e.test", server.Port), "x\r\n", "a@e.test").Single();
        remote.Settle();
        Assert.Equal((DeliveryOutcome.Permanent, 5_004_004u), (result.Outcome, result.Status));
        Assert.Equal(0, server.Count);
        Assert.Equal(0, remote.Pool.Open);
    }

    [Theory]
    // The next exchanger is tried after each of these (RFC 5321 §5.1).
    [InlineData("!")]
    [InlineData("> 421 busy")]
    [InlineData("> 554 no")]
    [InlineData("> 220 hi\n< EHLO\n> 450 no")]
    public void FirstExchangerWithoutSession_LeavesItToTheSecond(string script)
    {
        using var remote = Remote();
        using var first = new ScriptedServer(remote.Loop, script);
        Assert.True(IpAddress.TryParse("127.0.0.2", out var address));
        using var second = new ScriptedServer(remote.Loop, SocketAddress.Inet(address, first.Port), Good);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "e.test", first.Port), "x\r\n", "a@e.test").Single();
        Assert.Equal((DeliveryOutcome.Delivered, $"b.test [127.0.0.2]:{first.Port}"), (result.Outcome, result.Host));
        Assert.Equal(1, first.Count);
    }

    [Fact]
    public void OneSaysNeverAndOneSaysLater_IsLater()
    {
        using var remote = Remote();
        using var first = new ScriptedServer(remote.Loop, "> 554 never");
        Assert.True(IpAddress.TryParse("127.0.0.2", out var address));
        using var second = new ScriptedServer(remote.Loop, SocketAddress.Inet(address, first.Port), "> 421 later");
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "e.test", first.Port), "x\r\n", "a@e.test").Single();
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, "421 later"), (result.Outcome, result.Fault, result.Text));
    }

    private static RemoteUnderTest Remote() => new(
        new TableResolver("e.test MX 10 a.test", "e.test MX 20 b.test", "a.test A 127.0.0.1", "b.test A 127.0.0.2"),
        new AddressPolicy(true, new HashSet<IpAddress>()));
}
