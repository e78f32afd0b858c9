using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

/// <summary>Attack I6 and the extensions: what EHLO offers is used as offered, and nothing else.</summary>
public sealed class OfferTests
{
    private const string Rest = "< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok";

    [Theory]
    // Everything asked for, nothing offered: RFC 5321 §2.2.2 forbids to say it.
    [InlineData("250 there", "MAIL FROM:<from@example.org>")]
    // Each is said where it is offered; names in any letter case.
    [InlineData("250 size", "MAIL FROM:<from@example.org> SIZE=24")]
    [InlineData("250 DsN", "MAIL FROM:<from@example.org> RET=FULL ENVID=id+2B1")]
    // Values that are none: not too many for an offer, not enough for a limit.
    [InlineData("250-SIZE 99999999999999999999999\n> 250 SIZE -1", "MAIL FROM:<from@example.org> SIZE=24")]
    [InlineData("250 SIZE 0", "MAIL FROM:<from@example.org> SIZE=24")]
    [InlineData("250 SIZE 24", "MAIL FROM:<from@example.org> SIZE=24")]
    [InlineData("250 SIZE x", "MAIL FROM:<from@example.org> SIZE=24")]
    // Doubled, unknown, malformed, or not for us: passed over.
    [InlineData("250-STARTTLS\n> 250-STARTTLS\n> 250-AUTH=LOGIN\n> 250-AUTH PLAIN\n> 250-\n> 250- SIZE 1\n> 250 X-\u00e4", "MAIL FROM:<from@example.org>")]
    [InlineData("250-CHUNKING\n> 250 BINARYMIME", "MAIL FROM:<from@example.org>")]
    public void Sender_IsToldWithWhatIsOffered(string offer, string mail)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"> 220 hi\n< EHLO\n> 250-there\n> {offer}\n< MAIL\n> 250 o\n{Rest}");
        var result = remote.Deliver(HopOf(server), new QueuedMail { Return = ReturnContent.Full, EnvelopeId = "id+2B1" }, "a@e.test").Single();
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        Assert.Equal(mail, server.Lines[1]);
    }

    [Theory]
    [InlineData(NotifyOn.Unspecified, "", "RCPT TO:<a@e.test>", DeliveryOutcome.Delivered)]
    [InlineData(NotifyOn.Never, "", "RCPT TO:<a@e.test> NOTIFY=NEVER", DeliveryOutcome.Delivered)]
    [InlineData(NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay, "", "RCPT TO:<a@e.test> NOTIFY=SUCCESS,FAILURE,DELAY", DeliveryOutcome.Relayed)]
    [InlineData(NotifyOn.Delay, "rfc822;x+2By@c.test", "RCPT TO:<a@e.test> NOTIFY=DELAY ORCPT=rfc822;x+2By@c.test", DeliveryOutcome.Delivered)]
    [InlineData(NotifyOn.Unspecified, "rfc822;x@c.test", "RCPT TO:<a@e.test> ORCPT=rfc822;x@c.test", DeliveryOutcome.Delivered)]
    [InlineData(NotifyOn.Success, "", "RCPT TO:<a@e.test> NOTIFY=SUCCESS", DeliveryOutcome.Relayed)]
    public void RequestsOfARecipient_GoAlongOrStayOwed(NotifyOn notify, string original, string line, DeliveryOutcome withoutDsn)
    {
        var mail = new QueuedMail { Notify = notify, Original = original };
        using var remote = new RemoteUnderTest();
        using var able = new ScriptedServer(remote.Loop, $"> 220 hi\n< EHLO\n> 250-there\n> 250 DSN\n< MAIL\n> 250 o\n{Rest}");
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(HopOf(able), mail, "a@e.test").Single().Outcome);
        Assert.Equal(line, able.Lines[2]);

        using var unable = new ScriptedServer(remote.Loop, $"> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n{Rest}");
        Assert.Equal(withoutDsn, remote.Deliver(HopOf(unable), mail, "a@e.test").Single().Outcome);
        Assert.Equal("RCPT TO:<a@e.test>", unable.Lines[2]);
    }

    [Fact]
    public void ContentWithEightBitsThatNobodyDeclared_PassesAsItIs()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n{Rest}");
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(HopOf(server), "Subject: \u00e4\u00ff\u0080\r\n", "a@e.test").Single().Outcome);
        Assert.Equal("Subject: \u00e4\u00ff\u0080", server.Contents.Single());
    }

    [Fact]
    public void TenThousandKeywords_AreNoReply()
    {
        using var remote = new RemoteUnderTest();
        var keywords = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"250-X{i}\\r\\n"));
        using var server = new ScriptedServer(remote.Loop, $"> 220 hi\n< EHLO\n>> {keywords}250_OK\\r\\n");
        var result = remote.Deliver(HopOf(server), "x\r\n", "a@e.test").Single();
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World), (result.Outcome, result.Fault));
        Assert.Single(server.Lines);
    }

    [Theory]
    // RFC 5321 §4.5.3.1.10: it means "too many recipients"; a status that says otherwise is believed.
    [InlineData("552 too many recipients", DeliveryOutcome.Temporary)]
    [InlineData("552 5.5.3 too many recipients", DeliveryOutcome.Temporary)]
    [InlineData("452 4.5.3 too many recipients", DeliveryOutcome.Temporary)]
    [InlineData("552 5.2.2 mailbox full", DeliveryOutcome.Permanent)]
    public void TooManyRecipients_IsForLater(string reply, DeliveryOutcome outcome)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(
            remote.Loop, $"> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< RCPT\n> {reply}\n< DATA\n> 354 go\n.\n> 250 ok");
        var results = remote.Deliver(HopOf(server), "x\r\n", "a@e.test", "b@e.test");
        Assert.Equal([DeliveryOutcome.Delivered, outcome], results.Select(result => result.Outcome));
    }

    [Fact]
    public void LargeMessageForMoreThanTheServerTakesAtOnce_LeavesTheRestForLater()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(
            remote.Loop, "> 220 hi\n< EHLO\n> 250-there\n> 250 LIMITS RCPTMAX=1\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok");
        var results = remote.Deliver(HopOf(server), new string('x', 2 * FrameLimits.ContentWindow) + "\r\n", "a@e.test", "b@e.test");
        Assert.Equal([DeliveryOutcome.Delivered, DeliveryOutcome.Temporary], results.Select(result => result.Outcome));
        Assert.Equal(4_005_003u, results[1].Status);
    }

    private static Hop HopOf(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);
}
