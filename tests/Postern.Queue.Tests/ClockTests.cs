using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Queue.Tests;

/// <summary>Attack P9: somebody sets the wall clock, by a second or by a year. Nothing is given up early, nothing storms, nothing waits for a year.</summary>
public sealed class ClockTests
{
    private const string Text = "Subject: t\r\n\r\nbody\r\n";
    private const int Count = 30;

    private const double Second = 1.0 / 86400;

    // Days by which the clock is set.
    [Theory]
    [InlineData(365)]
    [InlineData(6)]
    [InlineData(1)]
    [InlineData(Second)]
    [InlineData(-Second)]
    [InlineData(-1)]
    [InlineData(-6)]
    [InlineData(-365)]
    public void ClockThatIsSetWhileMailWaits_ChangesNeitherWaitsNorAges(double days)
    {
        using var rig = Deferred();
        rig.Clock.Jump(TimeSpan.FromDays(days));
        rig.Pass(TimeSpan.FromMinutes(3.5));
        Assert.Empty(rig.Remote.Attempts);
        Assert.Empty(rig.Bounce.Notices);

        // The first wait is five minutes, a tenth more or less.
        rig.Pass(TimeSpan.FromMinutes(3));
        Assert.NotEmpty(rig.Remote.Attempts);
        Assert.Equal(Count, rig.Parts.Core.Table.Messages.Count);
        FailAll(rig);
        Assert.Empty(rig.Bounce.Notices);
        Assert.Equal(Count, rig.Parts.Core.Table.Messages.Count);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void MailWhoseClockWasSet_IsStillGivenUpInTime(double days)
    {
        using var rig = Deferred();
        rig.Clock.Jump(TimeSpan.FromDays(days));
        for (var day = 0.0; day < 5.5; day += 0.125)
        {
            rig.Clock.Pass(TimeSpan.FromHours(3));
            rig.Turn();
            FailAll(rig);
        }

        Assert.Equal(Count, rig.Bounce.Notices.Count(notice => notice.Recipients[0].Action == NoticeAction.Failed));
    }

    // What the clock was set to is what the next start sees: the ages must have been written down.
    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void StartAfterTheClockWasSet_FindsTheSameAgesAndWaits(double days)
    {
        var rig = Deferred();
        rig.Clock.Jump(TimeSpan.FromDays(days));
        rig.Pass(TimeSpan.FromMinutes(1));
        using var next = rig.Crash();
        Assert.Empty(next.Remote.Attempts);
        next.Pass(TimeSpan.FromMinutes(6));
        Assert.NotEmpty(next.Remote.Attempts);
        FailAll(next);
        Assert.Empty(next.Bounce.Notices);
        Assert.Equal(Count, next.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void StartWithAClockThatIsBehind_TriesWhatIsStoredSoonAndGivesItItsTime()
    {
        var rig = Deferred();
        rig.Clock.Jump(TimeSpan.FromDays(-365));
        using var next = rig.Crash();
        // No wait is longer than the longest, four hours and a tenth.
        next.Pass(TimeSpan.FromHours(4.5));
        Assert.NotEmpty(next.Remote.Attempts);
        FailAll(next);
        Assert.DoesNotContain(next.Bounce.Notices, notice => notice.Recipients[0].Action == NoticeAction.Failed);

        // The clock is set right again.
        next.Clock.Jump(TimeSpan.FromDays(365));
        next.Pass(TimeSpan.FromMinutes(10));
        FailAll(next);
        Assert.DoesNotContain(next.Bounce.Notices, notice => notice.Recipients[0].Action == NoticeAction.Failed);
    }

    // A server that was off for a week looks the same.
    [Theory]
    [InlineData(7)]
    [InlineData(365)]
    public void StartLongAfterMailShouldHaveBeenGivenUp_TriesItOnceMore(double days)
    {
        var rig = Deferred();
        rig.Clock.Jump(TimeSpan.FromDays(days));
        using var next = rig.Crash();
        next.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(Count, next.Remote.Attempts.Count);
        Assert.Empty(next.Bounce.Notices);
        next.AnswerAll(next.Remote, DeliveryOutcome.Delivered);
        next.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(0, next.Parts.Core.Table.Messages.Count);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void DestinationThatRestsWhenTheClockIsSet_RestsNoLongerAndNoLess(double days)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Temporary, FaultOf.World);
        rig.Remote.Attempts.Clear();
        rig.Smtpd.Submit("s@a.test", Text, "y@b.test");
        rig.Turn();
        rig.Clock.Jump(TimeSpan.FromDays(days));
        rig.Clock.Pass(TimeSpan.FromSeconds(2));
        rig.Turn();
        Assert.Empty(rig.Remote.Attempts);
        rig.Pass(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(rig.Remote.Attempts);
    }

    /// <summary>A queue with mail that was put off once.</summary>
    private static QueueRig Deferred()
    {
        var rig = new QueueRig();
        for (var i = 0; i < Count; i++)
        {
            rig.Smtpd.Submit($"s{i}@a.test", Text, $"x{i}@b{i}.test");
        }

        rig.Turn();
        FailAll(rig);
        Assert.Equal(Count, rig.Parts.Core.Table.Messages.Count);
        rig.Pass(TimeSpan.FromSeconds(30));
        return rig;
    }

    private static void FailAll(QueueRig rig)
    {
        do
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        }
        while (rig.Remote.Attempts.Count > 0);
    }
}
