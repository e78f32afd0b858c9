using Postern.Mail;

namespace Postern.Queue.Tests.Notices;

/// <summary>What goes back of a message with a notification (RFC 3461 §4.3): the header, and all of it only where that was asked and is small.</summary>
public sealed class ReturnedContentTests
{
    private const string Header = "Subject: t\r\nX: y\r\n";

    [Fact]
    public void HeaderCutAnywhere_EndsWhereItEnds()
    {
        const string Content = Header + "\r\nsecret\r\n\r\nmore\r\n";
        for (var cut = 1; cut < Content.Length; cut++)
        {
            Assert.Equal(Header, Failed(new SentMail { Content = Content.Insert(cut, "|") }).Original);
        }
    }

    [Theory]
    // RET: nothing, HDRS, FULL.
    [InlineData(ReturnContent.Unspecified, 10, false)]
    [InlineData(ReturnContent.Headers, 10, false)]
    [InlineData(ReturnContent.Full, 10, true)]
    // Not what is larger than 50,000 bytes, however it was asked for.
    [InlineData(ReturnContent.Full, 60_000, false)]
    public void WholeMessage_GoesBackWhenAskedForAndSmall(ReturnContent asked, int size, bool full)
    {
        var content = $"{Header}\r\n{new string('b', size)}\r\n";
        var notice = Failed(new SentMail { Content = content, Return = asked });
        Assert.Equal((full, full ? content : Header), (notice.Full, notice.Original));
    }

    [Fact]
    public void DelayAndSuccess_NeverBringTheWholeBack()
    {
        using var rig = new QueueRig();
        var mail = new SentMail { Content = $"{Header}\r\nbody\r\n", Return = ReturnContent.Full, Notify = NotifyOn.Delay | NotifyOn.Success };
        rig.Smtpd.Submit(mail, "x@b.test");
        rig.BeLate();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Relayed);
        rig.Turn();
        Assert.Equal([(false, Header), (false, Header)], rig.Bounce.Notices.Select(notice => (notice.Full, notice.Original)));
    }

    [Fact]
    public void HeaderThatIsTooLong_IsCutBetweenLines()
    {
        for (var length = 0; length < 4; length++)
        {
            var lines = string.Concat(Enumerable.Repeat("X: 0123456789012345678901234567890123456789\r\n", 1200));
            var original = Failed(new SentMail { Content = $"Y:{new string('y', length)}\r\n{lines[..30_000]}|{lines[30_000..]}\r\nbody\r\n" }).Original;
            Assert.InRange(original.Length, 49_900, 50_000);
            Assert.EndsWith("6789\r\n", original, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EnvelopeIdAndOriginalRecipient_GoBackAsTheyCame()
    {
        var notice = Failed(new SentMail { EnvelopeId = "QQ+2B1", Original = "rfc822;first@c.test" });
        Assert.Equal("QQ+2B1", notice.EnvelopeId);
        Assert.Equal(["rfc822;first@c.test"], notice.OriginalRecipients);
    }

    private static AskedNotice Failed(SentMail mail)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(mail, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        return Assert.Single(rig.Bounce.Notices);
    }
}
