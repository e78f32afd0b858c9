using Postern.Mail;

namespace Postern.Queue.Tests.Delivery;

/// <summary>Attack I11: a domain that takes its time, or is dead, costs nobody else anything.</summary>
public sealed class FairnessTests
{
    private const int Many = 20_000;

    [Theory]
    // A tar pit: attempts begin and never end. Its window never grows past where it starts.
    [InlineData(false)]
    // Dead: they fail at once, again and again.
    [InlineData(true)]
    public void ManyMessagesToADeadDomain_DelayNobodyElse(bool fails)
    {
        using var rig = new QueueRig();
        for (var i = 0; i < Many; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@dead.test");
            if (i % 1000 == 0)
            {
                rig.Turn();
            }
        }

        rig.Turn();
        for (var round = 0; round < 20; round++)
        {
            if (fails)
            {
                rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
            }

            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"y{round}@live.test", $"z{round}@other.test");
            rig.Turn();

            // At once: no time has passed.
            var live = rig.Remote.Attempts.Where(attempt => attempt.Destination != "dead.test").ToList();
            Assert.Equal([$"y{round}@live.test", $"z{round}@other.test"], live.Select(attempt => attempt.Recipients.Single().Address).Order());
            foreach (var attempt in live)
            {
                rig.Remote.Answer(attempt, DeliveryOutcome.Delivered);
                rig.Remote.Attempts.Remove(attempt);
            }

            rig.Turn();
            Assert.InRange(rig.Remote.Attempts.Count, 0, Schedule.Window.Start);
            rig.Clock.Pass(TimeSpan.FromSeconds(20));
            rig.Turn();
        }
    }

    [Fact]
    public void DomainThatIsFastAndThenPitsItself_HoldsNoMoreThanATenth()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 2000; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@pit.test");
        }

        rig.Turn();
        for (var round = 0; round < 100; round++)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Assert.Equal(rig.Parts.Core.Settings.Attempts.Remote / 10, rig.Remote.Attempts.Count);
        rig.Smtpd.Submit(new SentMail(), "y@live.test");
        rig.Turn();
        Assert.Equal("live.test", rig.Remote.Attempts[^1].Destination);
    }

    [Fact]
    public void MailingToTheSameDomain_LetsOtherSendersPass()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 2000; i++)
        {
            rig.Smtpd.Submit(new SentMail { Sender = "mailing@a.test", Content = "x" }, $"x{i}@b.test");
        }

        rig.Turn();
        rig.Smtpd.Submit(new SentMail(), "y@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Attempts[0], DeliveryOutcome.Delivered);
        rig.Remote.Answer(rig.Remote.Attempts[1], DeliveryOutcome.Delivered);
        rig.Turn();
        Assert.Contains(rig.Remote.Attempts, attempt => attempt.Sender == "s@a.test");
    }

    [Fact]
    public void ThousandsWhoseTimeIsOverTogether_AreAllReported()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 1000; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x", Notify = NotifyOn.Failure }, $"x{i}@dead.test");
        }

        rig.Turn();
        for (var round = 0; round < 200 && rig.Remote.Attempts.Count > 0; round++)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        }

        rig.Pass(TimeSpan.FromMinutes(1));
        rig.Clock.Pass(TimeSpan.FromDays(6));
        rig.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(rig.Remote.Attempts);
        Assert.Equal(1000, rig.Bounce.Notices.Select(notice => notice.Recipients.Single().Address).Distinct().Count());
        Assert.Equal(1000, rig.Bounce.Notices.Count);
    }
}
