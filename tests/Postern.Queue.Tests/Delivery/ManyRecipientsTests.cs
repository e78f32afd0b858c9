using Postern.Ipc.Administration;
using Postern.Mail;
using Postern.Queue.Notices;
using Postern.Queue.Tests.Administration;

namespace Postern.Queue.Tests.Delivery;

/// <summary>
/// What a message with many recipients costs grows with their number, not with its square. Counted are the looks into the
/// table of recipients, for ten times as many recipients: ten times as many and a little, where the square is a hundred.
/// </summary>
public sealed class ManyRecipientsTests
{
    private const int Few = 1000;
    private const int Many = 10_000;
    private const int MostTimes = 15;

    [Theory]
    [InlineData(1)]
    // Next to each other in the list they go elsewhere each.
    [InlineData(10)]
    public void RoundOverDeferredRecipients_GrowsWithTheirNumber(int domains)
    {
        Assert.InRange(Round(Many, domains), Many, MostTimes * Round(Few, domains));
    }

    [Fact]
    public void StartWithResults_GrowsWithTheRecipientsNumber()
    {
        Assert.InRange(Start(Many), Many, MostTimes * Start(Few));
    }

    [Fact]
    public void List_GrowsWithTheRecipientsNumber()
    {
        Assert.InRange(List(Many), Many, MostTimes * List(Few));
    }

    [Fact]
    public void FailureOfAll_IsToldOfEachOnce()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, [.. Enumerable.Range(0, Many).Select(i => $"x{i}@d{i % 10}.test")]);
        rig.Turn();
        while (rig.Remote.Attempts.Count > 0)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent);
        }

        Assert.All(rig.Bounce.Notices, notice => Assert.InRange(notice.Recipients.Count, 1, NoticeDesk.MaxRecipients));
        var told = rig.Bounce.Notices.SelectMany(notice => notice.Recipients).ToList();
        Assert.Equal((Many, Many), (told.Count, told.Distinct().Count()));
        Assert.Equal(-1, rig.Parts.Core.Table.Find(rig.Smtpd.Ids.Values.Single()));
    }

    private static long Round(int recipients, int domains)
    {
        using var rig = Deferred(recipients, domains);
        var before = Looks(rig);
        rig.Pass(TimeSpan.FromMinutes(4));
        for (var seconds = 0; seconds < 300; seconds++)
        {
            rig.Clock.Pass(TimeSpan.FromSeconds(1));
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        }

        ExpectAttempts(rig, recipients, 2);
        return Looks(rig) - before;
    }

    private static long Start(int recipients)
    {
        using var before = Deferred(recipients, 10);
        before.Clock.Pass(TimeSpan.FromSeconds(1));
        before.Turn();
        using var after = before.Crash();
        var looks = Looks(after);
        ExpectAttempts(after, recipients, 1);
        return looks;
    }

    private static long List(int recipients)
    {
        using var rig = Deferred(recipients, 10);
        var before = Looks(rig);
        var end = AdministratorEnd.Ask(rig, new ListRequestFrame { Request = 1, Filter = string.Empty, Of = Selection.All, Limit = 20_000 });
        Assert.Equal(recipients, end.Items.Count(item => item.Attempts == 1));
        return Looks(rig) - before;
    }

    /// <summary>A queue with one message, each recipient of which was put off once.</summary>
    private static QueueRig Deferred(int recipients, int domains)
    {
        var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, [.. Enumerable.Range(0, recipients).Select(i => $"x{i}@d{i % domains}.test")]);
        rig.Turn();
        while (rig.Remote.Attempts.Count > 0)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        }

        ExpectAttempts(rig, recipients, 1);
        return rig;
    }

    private static void ExpectAttempts(QueueRig rig, int recipients, int attempts)
    {
        var table = rig.Parts.Core.Table;
        Assert.Equal(recipients, table.Recipients.Count);
        Assert.All(Enumerable.Range(0, recipients), number =>
            Assert.Equal(attempts, table.Recipients[table.Messages[0].FirstRecipient + number].Attempts));
    }

    private static long Looks(QueueRig rig) => rig.Parts.Core.Table.Recipients.Looks;
}
