using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>What a client hears when the queue refuses, hangs, dies and comes back; 250 only when it is true.</summary>
public class QueueTests
{
    [Theory]
    [InlineData(SubmissionOutcome.Full, "452 4.3.1")]
    [InlineData(SubmissionOutcome.Draining, "451 4.3.2")]
    [InlineData(SubmissionOutcome.Failed, "451 4.3.0")]
    [InlineData(SubmissionOutcome.TooLarge, "552 5.3.4")]
    [InlineData(SubmissionOutcome.Unknown, "451 4.3.0")]
    public void MessageThatTheQueueRefuses_IsNotAccepted(SubmissionOutcome outcome, string reply)
    {
        using var server = new TestServer();
        server.Queue.Outcome = outcome;
        using var client = server.Connect();
        client.BeginData().Send("x\r\n.\r\n");
        Assert.StartsWith(reply, client.LastReply, StringComparison.Ordinal);
        server.Queue.Outcome = SubmissionOutcome.Committed;
        client.BeginData().Send("x\r\n.\r\n");
        Assert.Equal(250, client.LastCode);
    }

    [Theory]
    [InlineData(QueueCondition.Full, "452 4.3.1")]
    [InlineData(QueueCondition.Draining, "451 4.3.2")]
    public void QueueThatTakesNothing_IsToldAtMail(QueueCondition condition, string reply)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        server.Queue.Tell(condition);
        server.Settle();
        Assert.StartsWith(reply, client.Ask("MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
        server.Queue.Tell(QueueCondition.Accepting);
        server.Settle();
        Assert.StartsWith("250 ", client.Ask("MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void NoReply_ComesBeforeTheQueueHasSaidSo()
    {
        using var server = new TestServer();
        server.Queue.Answers = false;
        using var client = server.Connect();
        client.BeginData().Send("x\r\n.\r\nNOOP\r\n");
        Assert.Equal(354, client.LastCode);
        server.Queue.Die();
        server.Settle();
        Assert.Equal(["451", "250"], client.Replies.TakeLast(2).Select(reply => reply[..3]));
    }

    [Fact]
    public void QueueThatHangsOverACommit_IsGivenUpInTime()
    {
        // L14.
        using var server = new TestServer();
        server.Queue.Answers = false;
        using var client = server.Connect();
        client.BeginData().Send("x\r\n.\r\n");
        server.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(354, client.LastCode);
        server.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("451 4.3.0", client.LastReply, StringComparison.Ordinal);
        server.Queue.Answers = true;
        server.DemandService();
    }

    [Fact]
    public void QueueThatDiesDuringContent_RefusesThatMessageAfterItsEnd()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("one\r\n");
        server.Queue.Die();
        server.Settle();
        client.Send("two\r\n");
        Assert.Equal(354, client.LastCode);
        client.Send(".\r\nNOOP\r\n");
        Assert.Equal(["451", "250"], client.Replies.TakeLast(2).Select(reply => reply[..3]));
        server.Server.Queue.Connect(server.Queue.Start());
        server.DemandService();
    }

    [Fact]
    public void QueueThatDiesDuringALargeMessage_RefusesItAfterItsEnd()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var line = new string('x', 998) + "\r\n";
        client.BeginData().Send(string.Concat(Enumerable.Repeat(line, 300)));
        server.Queue.Die();
        server.Settle();
        client.Send(string.Concat(Enumerable.Repeat(line, 300)) + ".\nQUIT\r\n\r\n.\r\nNOOP\r\n");
        Assert.Equal(["354", "451", "250"], client.Replies.TakeLast(3).Select(reply => reply[..3]));
    }

    [Fact]
    public void QueueThatIsRestarting_IsWaitedFor()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask("RCPT TO:<u@a.test>");
        server.Queue.Die();
        server.Settle();
        Assert.Equal("", client.Ask("DATA"));
        server.Advance(TimeSpan.FromSeconds(1));
        server.Server.Queue.Connect(server.Queue.Start());
        server.Settle();
        Assert.Equal(354, client.LastCode);
        client.Send("x\r\n.\r\n");
        Assert.Equal(250, client.LastCode);
    }

    [Theory]
    [InlineData("DATA\r\n", "NOOP\r\n")]
    [InlineData("BDAT 6\r\nQUIT\r\nNOOP\r\n", "")]
    public void QueueThatStaysAway_IsGivenUpAfterSeconds(string command, string next)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask("RCPT TO:<u@a.test>");
        server.Queue.Die();
        server.Settle();
        client.Send(command);
        Assert.Equal(250, client.LastCode);
        server.Advance(TimeSpan.FromSeconds(5));
        client.Send(next);
        Assert.Equal(["451", "250"], client.Replies.TakeLast(2).Select(reply => reply[..3]));
        server.Server.Queue.Connect(server.Queue.Start());
        server.DemandService();
    }

    [Fact]
    public void IdThatComesLate_IsWaitedFor()
    {
        using var server = new TestServer();
        server.Queue.TellsIds = false;
        using var client = server.Connect();
        client.BeginData().Send("x\r\n.\r\n");
        Assert.Equal(354, client.LastCode);
        server.Advance(TimeSpan.FromSeconds(30));
        Assert.StartsWith("451 4.3.0", client.LastReply, StringComparison.Ordinal);
        Assert.Equal((0, 1), (server.Queue.Open, server.Queue.Aborted));
        server.Queue.TellsIds = true;
        server.DemandService();
    }

    [Fact]
    public void ContentBeyondTheCredit_WaitsAndStopsReadingFromTheClient()
    {
        using var server = new TestServer(head => head with { MessageSize = 10_000_000 });
        server.Queue.GrantsCredit = false;
        using var client = server.Connect();
        var line = new string('x', 998) + "\r\n";
        var body = string.Concat(Enumerable.Repeat(line, 2000));
        client.BeginData().Send(body[..600_000]);
        Assert.InRange(server.Queue.MostUnderWay, FrameLimits.ContentWindow - FrameLimits.MaxContent, FrameLimits.ContentWindow);
        server.Queue.GrantsCredit = true;
        server.Queue.GrantAll();
        server.Settle();
        client.Send(string.Concat(Enumerable.Repeat(line, 100)) + ".\r\n");
        Assert.Equal(250, client.LastCode);
    }

    [Fact]
    public void CreditThatNeverComes_IsGivenUp()
    {
        using var server = new TestServer(head => head with { MessageSize = 10_000_000 });
        server.Queue.GrantsCredit = false;
        using var client = server.Connect();
        var line = new string('x', 998) + "\r\n";
        client.BeginData().Send(string.Concat(Enumerable.Repeat(line, 300)));
        server.Advance(TimeSpan.FromSeconds(30));
        client.Send(string.Concat(Enumerable.Repeat(line, 300)) + ".\r\nNOOP\r\n");
        Assert.Equal(["451", "250"], client.Replies.TakeLast(2).Select(reply => reply[..3]));
        Assert.Equal(0, server.Queue.Open);
    }

    [Fact]
    public void QueueThatSpeaksNonsense_IsClosedLikeADeadOne()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("x\r\n");
        server.Queue.SendNonsense();
        server.Settle();
        Assert.Contains("channel-lost peer=queue by=bad-frame", server.Log.ToString(), StringComparison.Ordinal);
        client.Send(".\r\n");
        Assert.Equal(451, client.LastCode);
        server.Queue.Die();
        server.Server.Queue.Connect(server.Queue.Start());
        server.DemandService();
    }
}
