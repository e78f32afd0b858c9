using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Queue.Tests.Delivery;

/// <summary>What the log for people says of a message: enough to tell what became of the mail from one to another.</summary>
public sealed class LogLineTests
{
    [Theory]
    [InlineData(DeliveryOutcome.Relayed, " delivered ")]
    [InlineData(DeliveryOutcome.Temporary, " deferred ")]
    [InlineData(DeliveryOutcome.Permanent, " failed ")]
    public void EveryResult_NamesItsRecipient(DeliveryOutcome outcome, string named)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "x@b.test", "y@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, outcome);
        rig.Turn();
        Assert.Equal(["x@b.test", "y@b.test"], Lines(rig, named).Select(line => Field(line, "rcpt")));
    }

    [Fact]
    public void Expansion_NamesTheMessageThatTakesItsPlace()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "list@a.test");
        rig.Turn();
        var attempt = rig.Local.Single;
        rig.Local.Target(attempt, 0, "u@a.test");
        rig.Local.Answer(attempt, DeliveryOutcome.Expanded);
        rig.Turn();
        var line = Assert.Single(Lines(rig, " expanded "));
        Assert.Equal("list@a.test", Field(line, "rcpt"));
        Assert.Equal(new MessageId(rig.Local.Attempts[1].Message).ToString(), Field(line, "as"));
    }

    [Fact]
    public void MessageThatIsGivenUpInTime_IsLoggedAsExpiredWithTheLastReply()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        for (var hours = 0; hours < 24 * 6; hours++)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            rig.Clock.Pass(TimeSpan.FromHours(1));
            rig.Turn();
        }

        Assert.Equal("so it was", Field(Assert.Single(Lines(rig, " expired ")), "reply"));
        Assert.Single(Lines(rig, " notified "), line => Field(line, "kind") == "Failure");
        Assert.Single(Lines(rig, " notified "), line => Field(line, "kind") == "Delay");
    }

    private static List<string> Lines(QueueRig rig, string with) =>
        [.. rig.Lines.Split('\n').Where(line => line.Contains(with, StringComparison.Ordinal))];

    private static string Field(string line, string name)
    {
        var start = line.IndexOf($" {name}=", StringComparison.Ordinal) + name.Length + 2;
        return line[start] == '"' ? line[(start + 1)..line.IndexOf('"', start + 1)] : line[start..].Split(' ')[0];
    }
}
