using Postern.Mail;

namespace Postern.Queue.Tests.Delivery;

/// <summary>Attack I11: attempts that do not end keep nobody else from the places, and a sender's many recipients not another's one.</summary>
public sealed class StallTests
{
    private static readonly TimeSpan _stall = TimeSpan.FromSeconds(2);

    // More than have places, each with exchangers of its own.
    [Fact]
    public void FreshDomain_IsTriedWithinSecondsAlthoughHundredsAreSilent()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 400; i++)
        {
            rig.Smtpd.Submit(new SentMail { Sender = "bulk@a.test", Content = "x" }, $"x@silent{i}.test");
        }

        rig.Turn();
        rig.Smtpd.Submit(new SentMail(), "y@fresh.test");
        rig.Turn();
        Assert.DoesNotContain(rig.Remote.Attempts, attempt => attempt.Destination == "fresh.test");
        Pass(rig, _stall);
        Assert.Contains(rig.Remote.Attempts, attempt => attempt.Destination == "fresh.test");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public void DomainsThatAnswerAndThenHang_LeavePlacesForThoseThatHaveNone(int count)
    {
        using var rig = new QueueRig();
        LetHang(rig, count);
        Assert.InRange(rig.Remote.Attempts.Count, Places(rig) * 3 / 4, Places(rig) - 1);
        rig.Smtpd.Submit(new SentMail(), "y@relay.test");
        rig.Turn();
        Assert.Equal("127.0.0.1", rig.Remote.Attempts[^1].Destination);
    }

    [Fact]
    public void StalledAttempt_MayStillEndWell()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "x@slow.test");
        rig.Turn();
        Pass(rig, 30 * _stall);
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(1, rig.Parts.Core.Counted.Delivered);
    }

    // A stall frees no more than there is: what is under way stays within what remote can open, for strangers within half of it.
    [Fact]
    public void StalledAttempts_HaveAnEnd()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 6 * Places(rig); i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x@silent{i}.test");
        }

        rig.Turn();
        Pass(rig, 20 * _stall);
        Assert.Equal(5 * Places(rig) / 2, rig.Remote.Attempts.Count);
        rig.Smtpd.Submit(new SentMail(), "y@relay.test");
        rig.Turn();
        Assert.Equal("127.0.0.1", rig.Remote.Attempts[^1].Destination);
    }

    [Fact]
    public void MailingToThousandsOfDomains_LetsAnotherSendersMessagePass()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 20; i++)
        {
            rig.Smtpd.Submit(new SentMail { Sender = "mailing@a.test", Content = "x" }, [.. Enumerable.Range(100 * i, 100).Select(n => $"x@d{n}.test")]);
        }

        rig.Turn();
        rig.Smtpd.Submit(new SentMail(), "y@other.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Contains(rig.Remote.Attempts, attempt => attempt.Destination == "other.test");
    }

    // The mailing has a recipient there, too, but that one's turn is far away.
    [Fact]
    public void MessageToADomainOfTheMailing_DoesNotWaitForTheMailing()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 20; i++)
        {
            rig.Smtpd.Submit(new SentMail { Sender = "mailing@a.test", Content = "x" }, [.. Enumerable.Range(100 * i, 100).Select(n => $"x@d{n}.test")]);
        }

        rig.Turn();
        rig.Smtpd.Submit(new SentMail(), "y@d1999.test");
        rig.Turn();
        for (var round = 0; round < 3; round++)
        {
            if (rig.Remote.Attempts.Any(attempt => attempt.Sender == "s@a.test"))
            {
                return;
            }

            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Assert.Fail("the message waits for the whole mailing");
    }

    [Fact]
    public void MailingToThousandsOfKnownDomains_LetsAnotherSendersMessagePass()
    {
        using var rig = new QueueRig();
        Mail(rig, "mailing@a.test");
        while (rig.Remote.Attempts.Count > 0)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        Mail(rig, "mailing@a.test");
        Assert.Equal(Places(rig), rig.Remote.Attempts.Count);
        rig.Smtpd.Submit(new SentMail(), "y@relay.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Contains(rig.Remote.Attempts, attempt => attempt.Destination == "127.0.0.1");
    }

    private static void Mail(QueueRig rig, string sender)
    {
        for (var i = 0; i < 1000; i++)
        {
            rig.Smtpd.Submit(new SentMail { Sender = sender, Content = "x" }, $"x@d{i}.test");
        }

        rig.Turn();
    }

    /// <summary>Domains take mail until their windows are as wide as can be, and then nothing any more.</summary>
    private static void LetHang(QueueRig rig, int count)
    {
        for (var i = 0; i < 6000; i++)
        {
            rig.Smtpd.Submit(new SentMail { Sender = "bulk@a.test", Content = "x" }, $"x{i}@pit{i % count}.test");
        }

        rig.Turn();
        for (var round = 0; round < 20; round++)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }
    }

    private static void Pass(QueueRig rig, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed <= time; passed += TimeSpan.FromSeconds(1))
        {
            rig.Clock.Pass(TimeSpan.FromSeconds(1));
            rig.Turn();
        }
    }

    private static int Places(QueueRig rig) => rig.Parts.Core.Settings.Attempts.Remote;
}
