using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

public sealed class DowngradeTests
{
    [Fact]
    public void EightBitContentToAServerWithout8BitMime_Fails563() =>
        Refused(new QueuedMail { Body = BodyType.EightBitMime }, "250 there", 5_006_003);

    [Fact]
    public void Utf8MessageToAServerWithoutSmtpUtf8_Fails567() =>
        Refused(new QueuedMail { Handling = Handling.SmtpUtf8 }, "250 8BITMIME", 5_006_007);

    [Fact]
    public void Utf8SenderWithoutTheFlag_Fails567() =>
        Refused(new QueuedMail { Sender = "jörg@example.org" }, "250 SMTPUTF8", 5_006_007);

    [Fact]
    public void LargerThanTheServersSize_Fails534() =>
        Refused(new QueuedMail { Content = new string('x', 100) }, "250-there\n> 250 SIZE 99", 5_003_004);

    [Fact]
    public void UnknownEhlo_FallsBackToHelo()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, """
            > 220 hi
            < EHLO mail.example.org
            > 500 what
            < HELO mail.example.org
            > 250 there
            < MAIL FROM:<from@example.org>
            > 250 ok
            < RCPT
            > 250 ok
            < DATA
            > 354 go
            .
            > 250 ok
            """);
        var results = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), new QueuedMail(), "a@example.net");
        Assert.Equal(DeliveryOutcome.Delivered, results.Single().Outcome);
        Assert.Equal("MAIL FROM:<from@example.org>", server.Lines[2]);
    }

    [Fact]
    public void Utf8RecipientInAPlainMessage_FailsAlone()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT TO:<a@\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok");
        var results = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), new QueuedMail(), "jörg@example.net", "a@example.net");
        Assert.Equal((DeliveryOutcome.Permanent, 5_006_007u), (results[0].Outcome, results[0].Status));
        Assert.Equal(DeliveryOutcome.Delivered, results[1].Outcome);
    }

    // Nothing is said to the server: the session stays good for the next message.
    private static void Refused(QueuedMail mail, string offer, uint status)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"> 220 hi\n< EHLO\n> {offer}");
        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), mail, "a@example.net").Single();
        Assert.Equal((DeliveryOutcome.Permanent, FaultOf.Peer, status), (result.Outcome, result.Fault, result.Status));
        Assert.Single(server.Lines);
        Assert.Equal(1, remote.Pool.Idle);
    }
}
