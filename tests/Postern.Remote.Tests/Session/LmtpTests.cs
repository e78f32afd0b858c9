using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

public sealed class LmtpTests
{
    private const string Envelope = "> 220 hi\n< LHLO mail.example.org\n> 250-there\n> 250 PIPELINING\n< MAIL\n< RCPT\n< RCPT\n< RCPT\n< DATA\n";

    [Fact]
    public void EachAcceptedRecipient_GetsItsOwnFinalReply()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Envelope + """
            > 250 m
            > 250 a
            > 550 5.1.1 b
            > 250 c
            > 354 go
            .
            > 250 2.0.0 a is fine
            > 452 4.2.2 c is full
            """);
        var results = remote.Deliver(new Hop(HopKind.LmtpHost, "127.0.0.1", server.Port), "x\r\n", "a@e.test", "b@e.test", "c@e.test");
        Assert.Equal([DeliveryOutcome.Delivered, DeliveryOutcome.Permanent, DeliveryOutcome.Temporary], results.Select(result => result.Outcome));
        Assert.Equal("452 4.2.2 c is full", results[2].Text);
        Assert.Equal(1, remote.Pool.Idle);
    }

    [Fact]
    public void ConnectionLostBetweenFinalReplies_DefersTheRest()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Envelope + "> 250 m\n> 250 a\n> 250 b\n> 250 c\n> 354 go\n.\n> 250 a\n> 550 b\n!");
        var results = remote.Deliver(new Hop(HopKind.LmtpHost, "127.0.0.1", server.Port), "x\r\n", "a@e.test", "b@e.test", "c@e.test");
        Assert.Equal([DeliveryOutcome.Delivered, DeliveryOutcome.Permanent, DeliveryOutcome.Temporary], results.Select(result => result.Outcome));
    }

    [Fact]
    public void UnixSocket_IsReachedByItsPath()
    {
        var folder = Directory.CreateTempSubdirectory("lmtp");
        try
        {
            using var remote = new RemoteUnderTest();
            var path = Path.Join(folder.FullName, "s");
            using var server = new ScriptedServer(remote.Loop, SocketAddress.Unix(path), Envelope.Replace("< RCPT\n< RCPT\n< RCPT", "< RCPT") + "> 250 m\n> 250 a\n> 354 go\n.\n> 250 a");
            var result = remote.Deliver(new Hop(HopKind.LmtpSocket, path, 0), "x\r\n", "a@e.test").Single();
            Assert.Equal((DeliveryOutcome.Delivered, path), (result.Outcome, result.Host));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void LhloRefused_DoesNotFallBackToHelo()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n< LHLO\n> 500 what");
        var result = remote.Deliver(new Hop(HopKind.LmtpHost, "127.0.0.1", server.Port), "x\r\n", "a@e.test").Single();
        Assert.Equal((DeliveryOutcome.Permanent, FaultOf.World), (result.Outcome, result.Fault));
        Assert.Single(server.Lines);
    }
}
