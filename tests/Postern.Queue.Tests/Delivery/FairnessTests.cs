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

    // Notifications of success to domains of the attacker's own making, each with exchangers of its own name.
    [Theory]
    [InlineData(45)]
    [InlineData(300)]
    public void DestinationsThatTakeEverythingAndSayNothing_LeavePlacesForThoseThatAnswered(int silent)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "first@good.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        for (var i = 0; i < 5 * silent; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@silent{i % silent}.test");
        }

        rig.Turn();
        Assert.Equal(Math.Min(silent, Places(rig) / 2), rig.Remote.Attempts.Count);

        // What is remembered of a destination that answers outlives its last message by hours.
        rig.Pass(TimeSpan.FromHours(2));
        for (var i = 0; i < 10; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"y{i}@good.test", $"y{i}@relay.test");
        }

        rig.Turn();
        Assert.Equal(Schedule.Window.Start, rig.Remote.Attempts.Count(attempt => attempt.Destination == "good.test"));
        Assert.Equal(Schedule.Window.Start, rig.Remote.Attempts.Count(attempt => attempt.Destination == "127.0.0.1"));
    }

    [Fact]
    public void NewDestination_HasItsTurnBehindThoseThatCameFirst()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < Places(rig); i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"a@d{i:000}.test", $"b@d{i:000}.test");
            rig.Turn();
        }

        var half = Places(rig) / 2;
        Assert.Equal(half, rig.Remote.Attempts.Count);
        for (var i = 0; i < half; i++)
        {
            // However it ends. One that answers may go on at once; one that does not, rests.
            var outcome = i % 2 == 0 ? DeliveryOutcome.Delivered : DeliveryOutcome.Temporary;
            rig.Remote.Answer(rig.Remote.Attempts[i], outcome, FaultOf.World);
            rig.Turn();
            Assert.Equal($"d{half + i:000}.test", rig.Remote.Attempts[half + i].Destination);
        }
    }

    [Fact]
    public void ThousandFreshDomains_AreServedByTheHundred()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 1000; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x@d{i}.test");
        }

        rig.Turn();
        for (var round = 0; round < 1000 / (Places(rig) / 2); round++)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Assert.Equal(1000, rig.Parts.Core.Counted.Delivered);
    }

    [Fact]
    public void FirstAnswerOfAFreshDomain_OpensItsWindow()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 20; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@fresh.test");
        }

        rig.Turn();
        Assert.Single(rig.Remote.Attempts);
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(Schedule.Window.Start, rig.Remote.Attempts.Count);
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
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
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

    private static int Places(QueueRig rig) => rig.Parts.Core.Settings.Attempts.Remote;
}
