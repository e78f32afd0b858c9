using System.Text;
using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Bounce.Tests;

public sealed class CompositionTests
{
    [Fact]
    public void WhatWasTold_StandsInTheNotification()
    {
        var text = Compose(composition =>
        {
            Assert.True(composition.TryAdd(Recipient("x@b.test", NoticeAction.Failed)));
            Assert.True(composition.TryAdd("Subject: lost\r\n"u8));
        });
        Assert.Contains("To: <s@a.test>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; x@b.test\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Action: failed\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Status: 5.1.1\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Subject: lost\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-replied\r\n", text, StringComparison.Ordinal);
    }

    // The queue's record of it is damaged, or there never was one: the sender is told what is sure.
    [Theory]
    [InlineData(NoticeAction.Failed, "failed", "5.0.0", "what was answered is not known any more")]
    [InlineData(NoticeAction.Delayed, "delayed", "4.0.0", "what was answered is not known any more")]
    [InlineData(NoticeAction.Delivered, "delivered", "2.0.0", "what was answered is not known any more")]
    [InlineData(NoticeAction.Relayed, "relayed", "2.0.0", "what was answered is not known any more")]
    [InlineData(NoticeAction.Expanded, "expanded", "2.1.5", "replaced by the addresses that it stands for")]
    public void RecipientOfWhomNoAnswerIsKnown_IsReportedAllTheSame(NoticeAction action, string told, string status, string words)
    {
        var text = Compose(composition => Assert.True(composition.TryAdd(Recipient("x@b.test", action, "", status: 0))));
        Assert.Contains($"Action: {told}\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Status: {status}\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    // Control bytes in a remote server's words must not become header lines (attack K5).
    [Fact]
    public void LineEndInRemoteWords_DoesNotBecomeALine()
    {
        var text = Compose(composition => Assert.True(composition.TryAdd(Recipient("x@b.test", NoticeAction.Failed, "no\r\nBcc: evil@b.test"))));
        Assert.DoesNotContain("\nBcc:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NotificationOfNobody_IsRefused() => Assert.Equal(string.Empty, Compose(_ => { }));

    [Fact]
    public void RecipientThatIsNoAddress_IsRefused() =>
        Compose(composition => Assert.False(composition.TryAdd(Recipient("nobody at all", NoticeAction.Failed))));

    [Fact]
    public void MoreOfTheOriginalThanIsAllowed_IsRefused() => Compose(composition =>
    {
        Assert.True(composition.TryAdd(new byte[60_000]));
        Assert.False(composition.TryAdd(new byte[10_000]));
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void MomentThatNoDateCanSay_IsRefused(long seconds) => Assert.False(Composition.TryBegin(Start(seconds, "s@a.test"), out _));

    [Fact]
    public void TargetThatIsNoAddress_IsRefused() => Assert.False(Composition.TryBegin(Start(1_700_000_000, "s"), out _));

    // What reports a report goes to postmaster, with the report in it: there stands who was to get what, and why he did not.
    [Fact]
    public void ReportOfAMessageWithoutSender_GoesToPostmasterAndCarriesIt()
    {
        var text = Compose(
            composition =>
            {
                Assert.True(composition.TryAdd(Recipient("s@f.test", NoticeAction.Failed)));
                Assert.True(composition.TryAdd("Subject: Your message could not be delivered\r\n\r\n  <x@b.test>\r\n"u8));
            },
            to: "",
            full: true);
        Assert.Contains("To: <postmaster@mx.a.test>\r\nSubject: A message without a sender could not be delivered\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Content-Type: message/rfc822\r\n\r\nSubject: Your message could not be delivered\r\n\r\n  <x@b.test>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("It is attached.\r\n", text, StringComparison.Ordinal);
        // Who has a sender, and be it the postmaster, is told of a message of its own.
        Assert.Contains("\r\nSubject: Your message could not be delivered\r\n", Compose(
            composition => Assert.True(composition.TryAdd(Recipient("x@b.test", NoticeAction.Failed))), to: "postmaster@mx.a.test"), StringComparison.Ordinal);
    }

    private static string Compose(Action<Composition> tell, string to = "s@a.test", bool full = false)
    {
        Assert.True(Composition.TryBegin(Start(1_700_000_000, to, full), out var composition));
        tell(composition);
        Assert.True(DomainName.TryParse("mx.a.test", out var host));
        Assert.True(Mailbox.TryParse("postmaster@a.test", out var postmaster));
        return Encoding.UTF8.GetString(composition.Write(host, postmaster, new byte[Notification.BoundarySeed]));
    }

    private static NoticeStartFrame Start(long moment, string to, bool full = false) => new()
    {
        Notice = 1,
        Message = 2,
        Own = 3,
        To = Encoding.ASCII.GetBytes(to),
        EnvelopeId = default,
        Arrived = moment,
        Now = moment,
        Full = full,
        SmtpUtf8 = false,
    };

    private static NoticeRecipientFrame Recipient(string address, NoticeAction action, string text = "unknown user", uint status = 5_001_001) => new()
    {
        Notice = 1,
        Action = action,
        Address = Encoding.ASCII.GetBytes(address),
        Original = default,
        Status = status,
        Host = "mx.b.test"u8,
        Text = Encoding.ASCII.GetBytes(text),
        RetryUntil = 0,
    };
}
