using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

public sealed class EnvelopeTests
{
    private const string Content = "Subject: x\r\n\r\nHello\r\n";

    private const string Pipelining = "> 220 hi\n< EHLO mail.example.org\n> 250-there\n> 250 PIPELINING\n";

    [Fact]
    public void MixedRecipients_GetEachItsOwnReply()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Pipelining + """
            < MAIL FROM:<from@example.org>
            < RCPT TO:<a@example.net>
            < RCPT TO:<b@example.net>
            < RCPT TO:<c@example.net>
            < DATA
            > 250 ok
            > 250 ok
            > 450 4.2.0 greylisted
            > 550 5.1.1 no such user
            > 354 go
            .
            > 250 2.0.0 queued as 1
            """);
        var results = remote.Deliver(Host(server), Content, "a@example.net", "b@example.net", "c@example.net");
        Assert.Equal((DeliveryOutcome.Delivered, FaultOf.None, 2_000_000u), (results[0].Outcome, results[0].Fault, results[0].Status));
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.Peer, 4_002_000u), (results[1].Outcome, results[1].Fault, results[1].Status));
        Assert.Equal((DeliveryOutcome.Permanent, FaultOf.Peer, 5_001_001u), (results[2].Outcome, results[2].Fault, results[2].Status));
        Assert.Equal("250 2.0.0 queued as 1", results[0].Text);
        Assert.Equal("550 5.1.1 no such user", results[2].Text);
        Assert.Equal($"[127.0.0.1]:{server.Port}", results[0].Host);
        Assert.Equal(Content[..^2], server.Contents.Single());
    }

    [Fact]
    public void WithoutPipelining_EachCommandWaitsForItsReply()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, """
            > 220 hi
            < EHLO
            > 250 there
            < MAIL
            > 250 ok
            < RCPT TO:<a@example.net>
            > 550 no
            < RCPT TO:<b@example.net>
            > 251 will forward
            < DATA
            > 354 go
            .
            > 250 ok
            """);
        var results = remote.Deliver(Host(server), Content, "a@example.net", "b@example.net");
        Assert.Equal([DeliveryOutcome.Permanent, DeliveryOutcome.Delivered], results.Select(result => result.Outcome));
    }

    [Fact]
    public void EveryRecipientRefused_SendsALoneDotAfter354()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Pipelining + """
            < MAIL
            < RCPT
            < DATA
            > 250 ok
            > 550 no
            > 354 go
            .
            > 554 nobody
            """);
        var results = remote.Deliver(Host(server), Content, "a@example.net");
        Assert.Equal("550 no", results.Single().Text);
        Assert.Equal(string.Empty, server.Contents.Single());
    }

    [Fact]
    public void EveryRecipientRefusedWithoutPipelining_SendsNoDataButReset()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, """
            > 220 hi
            < EHLO
            > 250 there
            < MAIL
            > 250 ok
            < RCPT
            > 550 no
            < RSET
            > 250 ok
            """);
        Assert.Equal(DeliveryOutcome.Permanent, remote.Deliver(Host(server), Content, "a@example.net").Single().Outcome);
        Assert.Equal(1, remote.Pool.Idle);
    }

    [Theory]
    // The message is refused for all.
    [InlineData("550 5.7.1 go away", DeliveryOutcome.Permanent, FaultOf.Peer)]
    [InlineData("451 later", DeliveryOutcome.Temporary, FaultOf.Peer)]
    // 421 is about the server, not the message (RFC 5321 §3.8).
    [InlineData("421 closing", DeliveryOutcome.Temporary, FaultOf.World)]
    public void MailRefused_IsTheResultOfAll(string reply, DeliveryOutcome outcome, FaultOf fault)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, $"{Pipelining}< MAIL\n< RCPT\n< RCPT\n< DATA\n> {reply}\n> 503 no\n> 503 no\n> 503 no");
        var results = remote.Deliver(Host(server), Content, "a@example.net", "b@example.net");
        Assert.All(results, result => Assert.Equal((outcome, fault, reply), (result.Outcome, result.Fault, result.Text)));
    }

    [Fact]
    public void ExtensionsThatAreOffered_AreUsed()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, """
            > 220 hi
            < EHLO
            > 250-there
            > 250-SIZE 1000
            > 250-8BITMIME
            > 250-SMTPUTF8
            > 250 DSN
            < MAIL FROM:<from@example.org> SIZE=21 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id1
            > 250 ok
            < RCPT TO:<a@example.net> NOTIFY=SUCCESS ORCPT=rfc822;first@example.net
            > 250 ok
            < DATA
            > 354 go
            .
            > 250 ok
            """);
        var mail = new QueuedMail
        {
            Content = Content,
            Body = BodyType.EightBitMime,
            Handling = Handling.SmtpUtf8,
            Return = ReturnContent.Headers,
            EnvelopeId = "id1",
        };
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(Host(server), mail, "+a@example.net").Single().Outcome);
    }

    [Fact]
    public void SuccessWantedOfAServerWithoutDsn_IsRelayed()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Pipelining + "< MAIL\n< RCPT\n< RCPT\n< DATA\n> 250 o\n> 250 o\n> 250 o\n> 354 go\n.\n> 250 ok");
        var results = remote.Deliver(Host(server), Content, "+a@example.net", "b@example.net");
        Assert.Equal([DeliveryOutcome.Relayed, DeliveryOutcome.Delivered], results.Select(result => result.Outcome));
    }

    [Fact]
    public void FewerRecipientsPerTransaction_MakesSeveral()
    {
        using var remote = new RemoteUnderTest();
        const string Once = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok\n";
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n< EHLO\n> 250-there\n> 250 LIMITS RCPTMAX=1\n" + Once + Once + Once);
        var results = remote.Deliver(Host(server), Content, "a@example.net", "b@example.net", "c@example.net");
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        Assert.Equal([Content[..^2], Content[..^2], Content[..^2]], server.Contents);
    }

    [Fact]
    public void ManyRecipients_GoInGroups()
    {
        using var remote = new RemoteUnderTest();
        var first = string.Concat(Enumerable.Repeat("< RCPT\n", 99));
        var ok = string.Concat(Enumerable.Repeat("> 250 ok\n", 100));
        var rest = string.Concat(Enumerable.Repeat("< RCPT\n", 51));
        var restOk = string.Concat(Enumerable.Repeat("> 250 ok\n", 51));
        using var server = new ScriptedServer(remote.Loop, $"{Pipelining}< MAIL\n{first}{ok}{rest}< DATA\n{restOk}> 354 go\n.\n> 250 ok");
        var results = remote.Deliver(Host(server), Content, [.. Enumerable.Range(0, 150).Select(i => $"r{i}@example.net")]);
        Assert.Equal(150, results.Count(result => result.Outcome == DeliveryOutcome.Delivered));
    }

    private static Hop Host(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);
}
