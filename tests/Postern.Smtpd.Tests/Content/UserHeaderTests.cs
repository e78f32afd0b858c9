using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>What becomes of the header of who has logged in (RFC 6409 §6.3, §8): what it lacks is added, and what is not hers refused (D10).</summary>
public class UserHeaderTests
{
    private const string Date = "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n";
    private const string OwnDate = "Date: Sat, 28 Feb 2026 12:00:00 +0000\r\n";
    private const string Envelope = "MAIL FROM:<u@a.test>\r\nRCPT TO:<x@elsewhere.test>\r\n";

    [Theory]
    // Both, one, none are missing.
    [InlineData("From: u@a.test\r\n", "DM", "\r\nbody\r\n")]
    [InlineData("From: u@a.test\r\n" + OwnDate, "M", "\r\nbody\r\n")]
    [InlineData("From: u@a.test\r\nMessage-Id: <1@c.test>\r\nTo: x@elsewhere.test\r\n", "D", "\r\n")]
    [InlineData("From: u@a.test\r\nMessage-ID: <1@c.test>\r\n" + OwnDate, "", "\r\n\r\nDate: x\r\n\r\n")]
    // What stands in the body or in another field is not there.
    [InlineData("From: u@a.test\r\nSubject: x\r\n Date: x\r\n", "DM", "\r\nDate: x\r\nMessage-ID: x\r\n\r\n\r\n")]
    // A message of a header only.
    [InlineData("From: Ann\r\n <u@a.test>\r\nSubject: x\r\n", "DM", "")]
    public void WhatIsMissing_IsAddedAtTheEndOfTheHeader_AndNothingElseChanges(string header, string missing, string rest)
    {
        using var server = Server();
        var content = header + rest;
        var half = content.Length / 2;
        var chunks = $"{Envelope}BDAT {half}\r\n{content[..half]}BDAT {content.Length - half} LAST\r\n{content[half..]}";
        var ways = Ways.EverySplitOf(content + ".\r\n").Select(way => (string[])[Envelope + "DATA\r\n", .. way])
            .Concat(Ways.Of($"{Envelope}BDAT {content.Length} LAST\r\n{content}")).Concat(Ways.EverySplitOf(chunks));
        foreach (var way in ways)
        {
            server.Queue.Committed.Clear();
            using var client = LoggedIn(server);
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(250, client.LastCode);
            Assert.Equal(header + Added(server, missing) + rest, Assert.Single(server.Queue.Committed).Content);
        }

        server.DemandService();
    }

    [Fact]
    public void LastLineWithoutItsEnd_GetsOne()
    {
        using var server = Server();
        foreach (var (content, missing) in new[] { ("From: u@a.test\r\nSubject: x", "DM"), ("From: u@a.test\r\nDate: x", "M") })
        {
            server.Queue.Committed.Clear();
            using var client = LoggedIn(server);
            client.Send($"{Envelope}BDAT {content.Length - 1}\r\n{content[..^1]}BDAT 1 LAST\r\n{content[^1..]}");
            Assert.Equal(250, client.LastCode);
            Assert.Equal($"{content}\r\n{Added(server, missing)}", Assert.Single(server.Queue.Committed).Content);
        }
    }

    [Fact]
    public void HeaderOfManyPieces_IsCompletedWhereverItIsCut()
    {
        // Around the ends of the pieces in which content goes to the queue, the empty line falls between two of them.
        using var server = Server();
        for (var length = 14_800; length < 14_900; length++)
        {
            server.Queue.Committed.Clear();
            using var client = LoggedIn(server);
            var header = $"From: u@a.test\r\nX: {new string('y', length)}\r\n";
            client.Send(Envelope + "DATA\r\n").Send(header + "\r\n" + new string('z', 70_000) + "\r\n.\r\n");
            Assert.Equal(250, client.LastCode);
            Assert.True(Assert.Single(server.Queue.Committed).Content == $"{header}{Added(server, "DM")}\r\n{new string('z', 70_000)}\r\n");
        }

        server.DemandService();
    }

    [Theory]
    [InlineData(12_900)]
    [InlineData(13_000)]
    public void EveryEndOfAPiece_MayPartTheEmptyLine(int from)
    {
        // Byte by byte the pieces end as early as they can.
        using var server = Server();
        for (var length = from; length < from + 100; length++)
        {
            server.Queue.Committed.Clear();
            using var client = LoggedIn(server);
            var header = $"From: u@a.test\r\nX: {new string('y', length - 200)}\r\n";
            client.Send(Envelope + "DATA\r\n").Send(header[..^190]);
            foreach (var letter in header[^190..] + "\r\nx\r\n.\r\n") client.Send(letter.ToString());
            Assert.Equal($"{header}{Added(server, "DM")}\r\nx\r\n", Assert.Single(server.Queue.Committed).Content);
        }
    }

    [Fact]
    public void WhatIsAdded_DoesNotCountAgainstTheSizeLimit()
    {
        using var server = Server(size: 100);
        var content = "From: u@a.test\r\n\r\n";
        content += new string('x', 98 - content.Length) + "\r\n";
        using var client = LoggedIn(server);
        client.Send(Envelope + "DATA\r\n").Send(content + ".\r\n");
        Assert.Equal(250, client.LastCode);
        client.Send(Envelope + "DATA\r\n").Send($"X: y\r\n{content}.\r\n");
        Assert.StartsWith("552 5.3.4", client.LastReply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("From: u@a.test\r\n", "u@a.test", "250 2.0.0")]
    [InlineData("From: Ann <U@a.test>\r\n", "u@a.test", "250 2.0.0")]
    // Other addresses of hers are asked about.
    [InlineData("From: also@a.test, u@a.test\r\nSender: also@a.test\r\n", "u@a.test", "250 2.0.0")]
    [InlineData("From: u@a.test\r\n", "", "250 2.0.0")]
    [InlineData("From: v@a.test\r\n", "u@a.test", "550 5.7.1 An address in the From or Sender field is not yours")]
    [InlineData("From: v@a.test\r\n", "", "550 5.7.1 ")]
    [InlineData("From: x@f.test\r\nSender: u@a.test\r\n", "u@a.test", "550 5.7.1 ")]
    [InlineData("From: u@a.test\r\nSender: v@a.test\r\n", "u@a.test", "550 5.7.1 ")]
    [InlineData("From: u@a.test, v@a.test\r\n", "u@a.test", "550 5.7.1 ")]
    [InlineData("From: \"u@a.test\" <v@a.test>\r\n", "u@a.test", "550 5.7.1 ")]
    [InlineData("Subject: x\r\n", "u@a.test", "550 5.6.0 The header has no From field")]
    [InlineData("", "u@a.test", "550 5.6.0 The header has no From field")]
    [InlineData("From: u@a.test\r\nFrom: u@a.test\r\n", "u@a.test", "550 5.6.0 The header has more than one")]
    [InlineData("From: u@a.test\r\nfrom : v@a.test\r\n", "u@a.test", "550 5.6.0 The header has more than one")]
    [InlineData("From: u@a.test v@a.test\r\n", "u@a.test", "550 5.6.0 The From field is no list of 1 to 16 addresses")]
    [InlineData("From: u@a.test\r\nSender: x\r\n", "u@a.test", "550 5.6.0 The Sender field is not one address")]
    // Below our trace line the first would be no header at all, and behind the second others see none.
    [InlineData(" x\r\nFrom: u@a.test\r\n", "u@a.test", "550 5.6.0 The header has a line that is no field")]
    [InlineData("hello\r\nFrom: u@a.test\r\n", "u@a.test", "550 5.6.0 The header has a line that is no field")]
    public void AuthorsHaveToBeTheUsersOwn(string header, string sender, string reply)
    {
        using var server = Server();
        server.Directory.Own = (login, address) => login == "u@a.test" && address is "u@a.test" or "also@a.test" or "U@a.test";
        var content = header + "\r\nbody\r\n";
        var envelope = Envelope.Replace("u@a.test", sender, StringComparison.Ordinal);
        string[][] bodies = [["DATA\r\n", content + ".\r\n"], [$"BDAT 3\r\n{content[..3]}BDAT {content.Length - 3} LAST\r\n{content[3..]}"]];
        foreach (var body in bodies)
        {
            server.Queue.Committed.Clear();
            using var client = LoggedIn(server);
            client.Send(envelope);
            foreach (var piece in body) client.Send(piece);
            Assert.StartsWith(reply, client.LastReply, StringComparison.Ordinal);
            Assert.Equal(reply[0] == '2' ? 1 : 0, server.Queue.Committed.Count);
            Assert.Equal(0, server.Queue.Open);
            // Whoever is asked why finds who it was.
            Assert.Equal(reply[0] != '2', server.Log.ToString().Contains($"what=message reply=\"{client.LastReply.TrimEnd()}\" from=\"{sender}\" user=\"u@a.test\"", StringComparison.Ordinal));
            // The next message has nothing of this one.
            server.Queue.Committed.Clear();
            client.Send(Envelope + "DATA\r\n").Send("From: u@a.test\r\n\r\n.\r\n");
            Assert.Equal(250, client.LastCode);
            Assert.StartsWith("From: u@a.test\r\nDate: ", Assert.Single(server.Queue.Committed).Content, StringComparison.Ordinal);
        }

        server.DemandService();
    }

    [Fact]
    public void LongMessageOfSomebodyElse_IsTakenBackFromTheQueue()
    {
        using var server = Server();
        server.Directory.Own = (login, address) => login == address;
        using var client = LoggedIn(server);
        client.Send(Envelope + "DATA\r\n").Send($"From: v@a.test\r\n\r\n{new string('x', 200_000)}\r\n.\r\n");
        Assert.StartsWith("550 5.7.1", client.LastReply, StringComparison.Ordinal);
        Assert.Equal((0, 0, 1), (server.Queue.Committed.Count, server.Queue.Open, server.Queue.Aborted));
        Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public void DirectoryThatIsGone_PutsTheMessageOff()
    {
        using var server = Server();
        using var client = LoggedIn(server);
        client.Send(Envelope + "DATA\r\n");
        server.Directory.Die();
        client.Send("From: v@a.test\r\n\r\n.\r\n");
        server.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("451 4.3.0", client.LastReply, StringComparison.Ordinal);
        Assert.Empty(server.Queue.Committed);
        Assert.Equal(0, server.Queue.Open);
    }

    [Theory]
    [InlineData(ServiceKind.Smtp)]
    [InlineData(ServiceKind.Submission)]
    public void WhoIsTrustedAndDidNotLogIn_SendsWhatHeLikes(ServiceKind service)
    {
        using var server = Server();
        using var client = server.Connect(TestServer.Friend, service);
        client.BeginData("s@f.test", "x@elsewhere.test").Send("From: x@f.test\r\nFrom: y\r\n\r\n.\r\n");
        Assert.Equal(250, client.LastCode);
        Assert.Equal("From: x@f.test\r\nFrom: y\r\n\r\n", Assert.Single(server.Queue.Committed).Content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhereTheUserIs_StandsInTheTraceUnlessItIsHidden(bool hides)
    {
        using var server = Server(hides: hides);
        using var client = LoggedIn(server);
        client.Send(Envelope + "DATA\r\n").Send("From: u@a.test\r\n\r\n.\r\n");
        var message = Assert.Single(server.Queue.Committed);
        var (trace, from) = (message.Trace, "from c.test ([192.0.2.7])\r\n\t");
        Assert.StartsWith($"Received: {(hides ? "" : from)}by mx.a.test with ESMTPSA\r\n\tid ", trace, StringComparison.Ordinal);
        Assert.Equal(hides, !message.All.Contains("192.0.2.7", StringComparison.Ordinal) && !message.All.Contains("c.test", StringComparison.Ordinal));
        // The log keeps both.
        Assert.Contains("accepted client=192.0.2.7 ", server.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains("helo=\"c.test\"", server.Log.ToString(), StringComparison.Ordinal);
        // Who did not log in is no user of ours.
        using var other = server.Connect();
        other.BeginData("s@f.test", "u@a.test").Send("Subject: x\r\n\r\n.\r\n");
        Assert.Contains("[192.0.2.7]", server.Queue.Committed[1].Trace, StringComparison.Ordinal);
    }

    private static string Added(TestServer server, string missing) =>
        (missing.Contains('D', StringComparison.Ordinal) ? Date : "")
        + (missing.Contains('M', StringComparison.Ordinal) ? $"Message-ID: <{new Mail.MessageId(server.Queue.Committed[0].Id)}.1772366400@mx.a.test>\r\n" : "");

    private static TestServer Server(ulong size = 1024 * 1024, bool hides = false)
    {
        SmtpdSlice Change(SmtpdSlice slice) => slice with { OffersTls = true, MessageSize = size };
        var server = new TestServer(Change) { Sending = default(SendingSlice) with { HidesClient = hides } };
        server.Configure(Change);
        server.Server.Tls.Connect(server.Tls.Start());
        server.Server.Logins.Connect(server.Auth.Start());
        server.Settle();
        return server;
    }

    private static TestClient LoggedIn(TestServer server)
    {
        server.Auth.Answers.Enqueue("!u@a.test");
        var client = server.Connect(TestServer.Stranger, ServiceKind.Submission);
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        client.Ask("EHLO c.test");
        Assert.StartsWith("235 ", client.Ask("AUTH PLAIN AHVAYS50ZXN0AHNlY3JldA=="), StringComparison.Ordinal);
        return client;
    }
}
