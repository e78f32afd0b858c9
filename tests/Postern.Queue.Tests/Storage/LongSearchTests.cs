using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.Queue.Tests.Storage;

/// <summary>
/// Whether anything lives in the oldest section is found out over many turns when the table is, or once was, large; meanwhile
/// messages come into places that were looked at already.
/// </summary>
public sealed class LongSearchTests
{
    [Fact]
    public void MessageThatIsEndedDuringTheSearch_KeepsItsContent()
    {
        using var rig = new QueueRig(sectionBytes: 16 * 1024);
        Deliver(rig, "first@a.test");
        _ = rig.Parts.Core.Table.Messages.Add(1 << 19); // Was large once.
        var number = rig.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "x@b.test");
        rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "late\r\n"u8 });
        rig.Turn();
        var oldest = rig.Log.OldestSection;
        while (rig.Parts.Core.Log.Sections.Count < 3)
        {
            Deliver(rig, "other@a.test");
        }

        rig.Clock.Pass(TimeSpan.FromSeconds(1));
        _ = rig.Loop.RunTurn(wait: false);
        Assert.Equal(oldest, rig.Log.OldestSection);
        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = number });
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[number]);
        using var next = rig.Crash();
        Assert.Equal("late\r\n", next.Remote.Single.Content.ToString());
    }

    private static void Deliver(QueueRig rig, string recipient)
    {
        _ = rig.Smtpd.Submit("s@f.test", new string('o', 9000), recipient);
        rig.Turn();
        rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
    }
}
