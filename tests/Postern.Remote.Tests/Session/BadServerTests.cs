using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

/// <summary>Servers that are wrong on purpose (attacks I1 to I6): always later, never a success, never another's reply.</summary>
public sealed class BadServerTests
{
    private const string Greeting = "> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n";
    private const string Envelope = Greeting + "< MAIL\n< RCPT\n< RCPT\n< DATA\n";

    [Theory]
    // Nothing, or nothing that is a reply.
    [InlineData("!")]
    [InlineData(">> 25\\r\\n")]
    [InlineData("> 999 x")]
    [InlineData(">> 220\\n")]
    [InlineData(">> 220 a\\0b\\r\\n")]
    [InlineData("> 220-a\n> 221 b")]
    // It won't serve.
    [InlineData("> 421 busy")]
    [InlineData("> 450 later")]
    // Two greetings.
    [InlineData(">> 220 a\\r\\n220 b\\r\\n")]
    // Gone after the greeting, or after EHLO came.
    [InlineData("> 220 hi\n!")]
    [InlineData("> 220 hi\n< EHLO\n!")]
    [InlineData("> 220 hi\n< EHLO\n> 354 go")]
    [InlineData("> 220 hi\n< EHLO\n> 421 no")]
    public void NoSession_IsTheWorldsFault(string script)
    {
        var results = Deliver(script);
        Assert.All(results, result => Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World), (result.Outcome, result.Fault)));
    }

    [Theory]
    // Fewer replies than commands, and then the end.
    [InlineData("> 250 mail\n> 550 who\n!")]
    // One too many: 550 may be the answer to the first, the second, or nobody.
    [InlineData(">> 250 m\\r\\n250 a\\r\\n550 b\\r\\n550 x\\r\\n354 go\\r\\n")]
    // The same with success.
    [InlineData(">> 250 m\\r\\n250 a\\r\\n250 b\\r\\n250 x\\r\\n354 go\\r\\n")]
    // The same after the last reply.
    [InlineData(">> 250 m\\r\\n250 a\\r\\n550 b\\r\\n354 go\\r\\n250 done\\r\\n")]
    [InlineData(">> 250 m\\r\\n550 a\\r\\n550 b\\r\\n503 no\\r\\n503 no\\r\\n")]
    // 354 where a recipient's reply has to stand.
    [InlineData(">> 250 m\\r\\n354 a\\r\\n250 b\\r\\n250 d\\r\\n")]
    // Lines that are no replies, in the middle.
    [InlineData(">> 250 m\\r\\n550 a\\r\\nhello\\r\\n354 go\\r\\n")]
    // The replies to the last two commands never come.
    [InlineData("> 250 m\n> 250 a\n> 250 b\n> 354 go\n!")]
    [InlineData("> 250 m\n> 250 a\n> 250 b\n> 354 go\n.\n!")]
    [InlineData("> 250 m\n> 250 a\n> 250 b\n> 354 go\n.\n> 354 more")]
    [InlineData("> 250 m\n> 250 a\n> 250 b\n> 421 closing")]
    public void RepliesThatDoNotFit_DeferEverybody(string replies)
    {
        var results = Deliver(Envelope + replies);
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Temporary, result.Outcome));
    }

    [Theory]
    // One reply short, and then silence: nobody is told that the second recipient's answer was the first one's.
    [InlineData("> 250 mail\n> 550 who\n> 354 go")]
    [InlineData("> 250 mail\n> 250 who\n> 550 who")]
    [InlineData("> 550 who")]
    public void RepliesThatStayOut_DeferEverybodyAfterTheirTime(string replies)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Envelope + replies);
        var number = remote.Begin(HopOf(server), "x\r\n", "a@example.net", "b@example.net");
        remote.TurnUntil(() => server.Lines.Count == 5);
        for (var minutes = 0; minutes < 20 && !remote.HasEnded(number); minutes++)
        {
            remote.Settle();
            remote.Clock.Pass(TimeSpan.FromMinutes(1));
            remote.Settle();
        }

        Assert.All(remote.Results(number), result => Assert.Equal(DeliveryOutcome.Temporary, result.Outcome));
        Assert.Empty(server.Contents);
    }

    [Fact]
    public void WhatIsOdd_IsLoggedWithTheHost()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> hello");
        remote.Deliver(HopOf(server), "x\r\n", "a@example.net");
        remote.Settle();
        Assert.Contains($"warning remote peer-odd host=\"[127.0.0.1]:{server.Port}\"", remote.Logged.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyLinesInAReply_Defer()
    {
        var lines = string.Concat(Enumerable.Repeat("250-x\\r\\n", 200));
        Assert.Equal(4_005_000u, Deliver("> 220 hi\n< EHLO\n>> " + lines).First().Status);
    }

    [Fact]
    public void GarbageInTheReplyToEhlo_IsPassedOver()
    {
        var results = Deliver("""
            > 220 hi
            < EHLO
            > 250-there
            > 250-SIZE 99999999999999999999999
            > 250-SIZE -1
            > 250-AUTH=LOGIN
            > 250-
            > 250 LIMITS RCPTMAX=0 RCPTMAX=x
            < MAIL FROM:<from@example.org> SIZE=3
            > 250 ok
            < RCPT
            > 250 ok
            < RCPT
            > 250 ok
            < DATA
            > 354 go
            .
            > 250 ok
            """);
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
    }

    [Fact]
    public void RepliesCutAtEveryByte_MeanTheSame()
    {
        const string Replies = "250 m\r\n550 5.1.1 a\r\n250-b\r\n250 b\r\n354 go\r\n";
        for (var cut = 1; cut < Replies.Length; cut++)
        {
            using var remote = new RemoteUnderTest();
            var pieces = new[] { Replies[..cut], Replies[cut..] }.Select(piece => ">> " + piece.Replace("\r", "\\r").Replace("\n", "\\n").Replace(' ', '_'));
            using var server = new ScriptedServer(remote.Loop, Envelope + string.Join("\n~\n", pieces) + "\n.\n> 250 ok");
            var results = remote.Deliver(HopOf(server), "x\r\n", "a@example.net", "b@example.net");
            Assert.Equal([5_001_001u, 2_000_000u], results.Select(result => result.Status));
        }
    }

    [Fact]
    public void TooLongAReply_Defers()
    {
        var result = Deliver("> 220 " + new string('x', 70_000)).First();
        Assert.Equal((DeliveryOutcome.Temporary, 4_005_000u), (result.Outcome, result.Status));
    }

    [Fact]
    public void ReplyWithShortLastLine_StaysOneLineOfPrintableText()
    {
        // CVE-2020-8794: what a reply holds must not become lines of the queue's record.
        var results = Deliver(Envelope + ">> 250 m\\r\\n553-\\r\\n553-dispatcher: local_mail\\r\\n553\\r\\n553 \u001b[2J\\r\\n503 no\\r\\n\n< RSET\n> 250 ok");
        Assert.Equal("553 dispatcher: local mail", results[0].Text);
        Assert.All(results, result => Assert.DoesNotContain(result.Text, letter => letter is < ' ' or > '~'));
    }

    [Fact]
    public void SilentServer_IsGivenUpAfterItsTime()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi");
        var number = remote.Begin(HopOf(server), "x\r\n", "a@example.net");
        remote.TurnUntil(() => server.Count == 1);
        remote.Settle();
        remote.Clock.Pass(TimeSpan.FromMinutes(4.9));
        remote.Settle();
        Assert.False(remote.HasEnded(number));
        remote.Clock.Pass(TimeSpan.FromMinutes(0.2));
        Assert.Equal((DeliveryOutcome.Temporary, 4_004_001u), (remote.Results(number)[0].Outcome, remote.Results(number)[0].Status));
        Assert.Equal(("", $"[127.0.0.1]:{server.Port} did not answer in time"), (remote.Results(number)[0].Host, remote.Results(number)[0].Text));
    }

    [Fact]
    public void RefusedConnection_NamesTheHostAndIsTheWorldsFault()
    {
        using var remote = new RemoteUnderTest();
        ushort port;
        using (var server = new ScriptedServer(remote.Loop))
        {
            port = server.Port;
        }

        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", port), "x\r\n", "a@example.net").Single();
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, 4_004_001u), (result.Outcome, result.Fault, result.Status));
        Assert.Equal($"connect to [127.0.0.1]:{port}: Connection refused", result.Text);
    }

    [Fact]
    public void GreetingThatRefusesForGood_IsPermanent()
    {
        var results = Deliver("> 554 5.7.1 no mail here");
        Assert.All(results, result => Assert.Equal((DeliveryOutcome.Permanent, 5_007_001u), (result.Outcome, result.Status)));
    }

    [Fact]
    public void NoInTheMiddleOfALargeMessage_IsTheAnswer()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + "< MAIL\n< RCPT\n< DATA\n> 250 m\n> 250 a\n> 354 go\n< begin\n> 552 5.3.4 too large\n!");
        var content = "begin\r\n" + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 20_000));
        var result = remote.Deliver(HopOf(server), content, "a@example.net").Single();
        Assert.Equal((DeliveryOutcome.Permanent, FaultOf.Peer, 5_003_004u), (result.Outcome, result.Fault, result.Status));
    }

    [Theory]
    // It never greets, it goes, it speaks another language: our words, and the host in them. Then its own.
    [InlineData("!", "{0} closed the connection", false)]
    [InlineData("> hello", "{0} broke the protocol: NotAReply", false)]
    [InlineData("> 421 4.3.2 busy", "421 4.3.2 busy", true)]
    [InlineData("> 554 go", "554 go", true)]
    [InlineData(Greeting + "< MAIL\n!", "{0} closed the connection", false)]
    [InlineData(Envelope + "> 550 no\n> 503 no\n> 503 no\n> 503 no", "550 no", true)]
    public void WhatAServerDidNotSay_IsNotPutIntoItsMouth(string script, string text, bool isReply)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, script);
        var result = remote.Deliver(HopOf(server), "x\r\n", "a@example.net", "b@example.net")[0];
        var host = $"[127.0.0.1]:{server.Port}";
        Assert.Equal((isReply ? host : "", text.Replace("{0}", host, StringComparison.Ordinal)), (result.Host, result.Text));
    }

    private static Said[] Deliver(string script)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, script);
        return remote.Deliver(HopOf(server), "x\r\n", "a@example.net", "b@example.net");
    }

    private static Hop HopOf(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);
}
