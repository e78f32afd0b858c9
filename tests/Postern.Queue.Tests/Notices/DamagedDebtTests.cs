using System.Text;
using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Notices;

/// <summary>The record that says what a sender is owed can't be read any more, with whole records behind it: the sender is told all the same.</summary>
public sealed class DamagedDebtTests : IDisposable
{
    private const string Answer = "nobody has that mailbox 4711";

    private SimulatedDisk _disk = new();

    // Nothing else tells of that attempt: it is made again, and comes to the same end.
    [Fact]
    public void DamagedSinceTheMessageCame_TheAttemptIsMadeAgain()
    {
        using (var before = Start())
        {
            Fail(before);
            Other(before);
        }

        Damage();
        using var after = Start();
        Assert.Contains("log-damaged", after.Lines, StringComparison.Ordinal);
        var again = Assert.Single(after.Remote.Attempts, attempt => attempt.Destination == "b.test");
        after.Remote.Answer(again, 0, DeliveryOutcome.Permanent);
        after.Remote.End(again);
        after.Turn();
        AssertTold(after);
    }

    // The notification that pays it says of whom it is: who was reported is not tried again.
    [Fact]
    public void DamagedAndPaidSince_NobodyIsTriedOrToldAgain()
    {
        using (var before = Start())
        {
            Fail(before);
            before.Bounce.Compose(before.Bounce.Notices[0]);
            before.Turn();
            before.AnswerAll(before.Local, DeliveryOutcome.Delivered);
            Other(before);
        }

        Damage();
        using var after = Start();
        Assert.Contains("log-damaged", after.Lines, StringComparison.Ordinal);
        Assert.Empty(after.Remote.Attempts);
        Assert.Empty(after.Bounce.Notices);
    }

    // A checkpoint knows the debt and names the record, which a start does not read.
    [Fact]
    public void DamagedBehindTheCheckpoint_TheSenderHearsThatItFailed()
    {
        using (var before = Start())
        {
            Fail(before);
            for (var more = 0; before.Log.BytesSinceCheckpoint > 100_000 || more < 20; more++)
            {
                Other(before);
            }
        }

        Damage();
        using (var after = Start())
        {
            Assert.DoesNotContain("log-damaged", after.Lines, StringComparison.Ordinal);
            Assert.Contains("result-damaged", after.Lines, StringComparison.Ordinal);
            AssertTold(after);
        }

        // And is told once.
        _disk = _disk.Kill();
        using var last = Start();
        Assert.DoesNotContain("result-damaged", last.Lines, StringComparison.Ordinal);
        Assert.Empty(last.Bounce.Notices);
    }

    // Written anew with its debt behind it: its envelope says that something is owed, and what it was is gone.
    [Theory]
    [InlineData(NotifyOn.Unspecified, NoticeAction.Failed)]
    [InlineData(NotifyOn.Failure | NotifyOn.Success, NoticeAction.Failed)]
    [InlineData(NotifyOn.Success, NoticeAction.Relayed)]
    public void DamagedBehindAMessageThatMoved_TheSenderHearsThatItFailed_UnlessThatIsNotAsked(NotifyOn asked, NoticeAction told)
    {
        using (var before = Start())
        {
            Fail(before, asked);
            var there = before.Parts.Core.Table.Messages[0].Envelope;
            for (var more = 0; before.Parts.Core.Table.Messages[0].Envelope == there; more++)
            {
                Assert.InRange(more, 0, 100);
                Other(before);
            }

            Other(before);
        }

        Damage();
        using var after = Start();
        Assert.Contains("log-damaged", after.Lines, StringComparison.Ordinal);
        AssertTold(after, told);
    }

    public void Dispose() => _disk.Dispose();

    private void AssertTold(QueueRig rig, NoticeAction action = NoticeAction.Failed)
    {
        Assert.Equal([(action, "x@b.test")], Assert.Single(rig.Bounce.Notices).Recipients);
        rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
        Other(rig);
    }

    private QueueRig Start() => new(new SegmentLog(_disk, new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0, ZeroedPerCall = 0 }));

    /// <summary>A message fails for good, and the sender's notification is not composed.</summary>
    private static void Fail(QueueRig rig, NotifyOn notify = NotifyOn.Unspecified)
    {
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit("s@a.test", "Subject: t\r\n\r\nbody\r\n", notify, "x@b.test");
        rig.Turn();
        var attempt = rig.Remote.Single;
        var fails = (notify & NotifyOn.Success) == 0 || (notify & NotifyOn.Failure) != 0;
        rig.Remote.Answer(attempt, 0, fails ? DeliveryOutcome.Permanent : DeliveryOutcome.Relayed, text: Answer);
        rig.Remote.End(attempt);
        rig.Remote.Attempts.Clear();
        rig.Turn();
        Assert.Single(rig.Bounce.Notices);
    }

    /// <summary>Another message comes and goes.</summary>
    private static void Other(QueueRig rig)
    {
        rig.Smtpd.Submit("s@f.test", new string('x', 20_000), "z@a.test");
        rig.Turn();
        rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        rig.Clock.Pass(TimeSpan.FromSeconds(2));
        rig.Turn();
    }

    /// <summary>The program dies, and a bit of the newest copy of the answer is another when the next one starts.</summary>
    private void Damage()
    {
        _disk = _disk.Kill();
        var answer = Encoding.ASCII.GetBytes(Answer);
        var name = _disk.Names.Last(name => name.StartsWith("segment-", StringComparison.Ordinal) && _disk[name].AsSpan().IndexOf(answer) >= 0);
        var bytes = _disk[name];
        bytes[bytes.AsSpan().LastIndexOf(answer)] ^= 0x20;
        _disk[name] = bytes;
    }
}
