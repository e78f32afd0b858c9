using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Storage;

/// <summary>What there is no room for is done when there is: nothing that is owed, and nothing that was asked for, is forgotten over it.</summary>
public sealed class FullDiskTests
{
    private const int Segment = 64 * 1024;

    [Fact]
    public void AStartForWhichThereWasNoRoom_StandsInTheLogBeforeTheFirstMessage()
    {
        var log = new MemoryLog { Capacity = 0 };
        using var rig = new QueueRig(log);
        log.Capacity = long.MaxValue;
        rig.Pass(TimeSpan.FromMinutes(1));
        var taken = rig.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", "x@b.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[taken]);

        var seen = new Starts();
        log.Crash().Recover(seen, out _);
        Assert.Equal((RecordKind.Start, rig.Parts.Core.Generation), (seen.First, seen.Generation));
    }

    // The table as the clock shows it now has to be written, or the next start reads moments of another clock.
    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void AClockThatIsSetWhileTheDiskIsFull_IsWrittenDownLater(double days)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", "x@b.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        rig.Storage.FillUp();
        rig.Clock.Jump(TimeSpan.FromDays(days));
        rig.Pass(TimeSpan.FromMinutes(1));
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(1));
        using var next = rig.Crash();
        Assert.Empty(next.Remote.Attempts);
        next.Pass(TimeSpan.FromMinutes(6));
        next.AnswerAll(next.Remote, DeliveryOutcome.Temporary);
        Assert.Empty(next.Bounce.Notices);
        Assert.Equal(1, next.Parts.Core.Table.Messages.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASuccessForWhichThereIsNoRoom_IsReportedOnceAllTheSame(bool inThisLife)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success }, "u@a.test");
        rig.Turn();
        rig.Storage.FillUp();
        rig.Bounce.Answers = inThisLife;
        rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal([(NoticeAction.Delivered, "u@a.test")], rig.Bounce.Notices[^1].Recipients);
        using var next = rig.Crash();
        Assert.Equal(inThisLife ? 0 : 1, next.Bounce.Notices.Count);
        Assert.DoesNotContain(next.Local.Attempts, attempt => attempt.Recipients[0].Address == "u@a.test");
    }

    // However much or little of it there is room for: the list is looked up again, or its sender hears that it was expanded.
    [Fact]
    public void AListThatHardlyFits_IsReportedOnceAllTheSame()
    {
        for (var room = 0; room < 700; room += 20)
        {
            var log = new MemoryLog();
            using var rig = new QueueRig(log);
            rig.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success }, "team@a.test");
            rig.Turn();
            log.Capacity = log.Bytes + room;
            Expand(rig);
            log.Capacity = long.MaxValue;
            rig.Pass(TimeSpan.FromMinutes(10));
            Expand(rig);
            Assert.Equal((NoticeAction.Expanded, "team@a.test"), Assert.Single(rig.Bounce.Notices.SelectMany(notice => notice.Recipients).Distinct()));
            Assert.Single(rig.Remote.Attempts, attempt => attempt.Recipients[0].Address == "x@b.test");
        }
    }

    // One message waits in the oldest segment. To free those behind it, in which nothing lives, it has to be written anew:
    // for that a part of the reserve is there, since the segment that goes is worth more than what is taken of it.
    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void ADiskFullOfSegmentsInWhichNothingLives_IsEmptiedThoughAMessageWaitsInTheFirst(int segments)
    {
        var disk = new SimulatedDisk();
        using var rig = new QueueRig(new SegmentLog(disk, new LogOptions { SegmentBytes = Segment, MinFreeBytes = 0, ZeroedPerCall = 0 }));
        var waiting = new string('w', 20_000);
        rig.Smtpd.Submit("s@f.test", waiting, "x@b.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        disk.Capacity = disk.UsedBytes + (segments * Segment);
        while (Submit(rig, 5000) == SubmissionOutcome.Committed)
        {
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        }

        for (var second = 0; second < 60; second++)
        {
            rig.Clock.Pass(TimeSpan.FromSeconds(1));
            rig.Turn();
        }

        Assert.InRange(rig.Log.OldestSection, 2u, uint.MaxValue);
        Assert.Equal(SubmissionOutcome.Committed, Submit(rig, 5000));
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(waiting, rig.Remote.Single.Content.ToString());
    }

    private static SubmissionOutcome Submit(QueueRig rig, int size)
    {
        var number = rig.Smtpd.Submit("s@f.test", new string('x', size), "z@a.test");
        rig.Turn();
        return rig.Smtpd.Answers[number];
    }

    private static void Expand(QueueRig rig)
    {
        foreach (var attempt in rig.Local.Attempts.Where(attempt => attempt.Recipients[0].Address == "team@a.test"))
        {
            rig.Local.Target(attempt, 0, "x@b.test", list: true);
            rig.Local.Answer(attempt, DeliveryOutcome.Expanded);
        }

        rig.Local.Attempts.Clear();
        rig.Turn();
    }

    /// <summary>Looks which run a log says it is of.</summary>
    private sealed class Starts : ILogVisitor
    {
        internal RecordKind First { get; private set; }

        internal uint Generation { get; private set; }

        public void Checkpoint(ReadOnlySpan<byte> piece) => Assert.Fail("there is none");

        public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload)
        {
            First = First == RecordKind.None ? kind : First;
            if (kind == RecordKind.Start && StartRecord.TryRead(payload, out var start))
            {
                Generation = start.Generation;
            }
        }

        public void Damaged(Damage damage) => Assert.Fail("there is none");
    }
}
