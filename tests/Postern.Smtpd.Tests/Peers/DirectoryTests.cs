using Postern.Ipc.Directory;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>What RCPT says when the directory does not know, hangs, dies and comes back.</summary>
public class DirectoryTests
{
    [Fact]
    public void DirectoryThatCannotTell_Is451AndCountsForNothing()
    {
        using var server = new TestServer();
        server.Directory.Verdict = AddressVerdict.Unavailable;
        using var client = Begin(server);
        for (var i = 0; i < 20; i++) Assert.StartsWith("451 4.3.0", client.Ask("RCPT TO:<u@a.test>"), StringComparison.Ordinal);
        server.Directory.Verdict = null;
        Assert.StartsWith("250 ", client.Ask("RCPT TO:<u@a.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void DirectoryThatHangs_IsGivenUp()
    {
        // L14.
        using var server = new TestServer();
        server.Directory.Answers = false;
        using var client = Begin(server);
        Assert.Equal("", client.Ask("RCPT TO:<u@a.test>"));
        server.Advance(TimeSpan.FromSeconds(10));
        Assert.StartsWith("451 4.3.0", client.LastReply, StringComparison.Ordinal);
        // The answer to the question that was given up is for nobody: not for the next one.
        server.Directory.Answers = true;
        server.Directory.Verdict = AddressVerdict.Unknown;
        server.Directory.Answer(1, AddressVerdict.Local);
        server.Settle();
        Assert.StartsWith("550 ", client.Ask("RCPT TO:<u@a.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void DirectoryThatIsRestarting_IsAskedAgain()
    {
        using var server = new TestServer();
        server.Directory.Answers = false;
        using var client = Begin(server);
        Assert.Equal("", client.Ask("RCPT TO:<u@a.test>"));
        server.Directory.Die();
        server.Settle();
        server.Advance(TimeSpan.FromSeconds(1));
        server.Directory.Answers = true;
        server.Server.Directory.Connect(server.Directory.Start());
        server.Settle();
        Assert.StartsWith("250 2.1.5", client.LastReply, StringComparison.Ordinal);
    }

    [Fact]
    public void QuestionThatKillsTheDirectory_IsNotAskedForEver()
    {
        using var server = new TestServer();
        server.Directory.DiesWhenAsked = true;
        using var client = Begin(server);
        client.Ask("RCPT TO:<u@a.test>");
        for (var i = 0; i < 3; i++)
        {
            server.Server.Directory.Connect(server.Directory.Start());
            server.Settle();
        }

        Assert.StartsWith("451 4.3.0", client.LastReply, StringComparison.Ordinal);
        Assert.Equal(2, server.Directory.Asked.Count);
    }

    [Fact]
    public void DirectoryThatStaysAway_IsGivenUpAfterSeconds()
    {
        using var server = new TestServer();
        using var client = Begin(server);
        server.Directory.Die();
        server.Settle();
        Assert.Equal("", client.Ask("RCPT TO:<u@a.test>"));
        server.Advance(TimeSpan.FromSeconds(5));
        Assert.StartsWith("451 4.3.0", client.LastReply, StringComparison.Ordinal);
        server.Server.Directory.Connect(server.Directory.Start());
        server.DemandService();
    }

    [Fact]
    public void AnswersOfTwoSessions_ReachTheirOwn()
    {
        // B16 in small: the answers come in the other order.
        using var server = new TestServer();
        server.Directory.Answers = false;
        using var first = Begin(server);
        using var second = Begin(server);
        first.Ask("RCPT TO:<u@a.test>");
        second.Ask("RCPT TO:<v@a.test>");
        server.Directory.Answer(2, AddressVerdict.Unknown);
        server.Settle();
        Assert.Equal((250, 550), (first.LastCode, second.LastCode));
        Assert.Equal(3, first.Replies.Count);
        server.Directory.Answer(1, AddressVerdict.Local);
        server.Settle();
        Assert.StartsWith("250 2.1.5", first.LastReply, StringComparison.Ordinal);
    }

    private static TestClient Begin(TestServer server)
    {
        var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        return client;
    }
}
