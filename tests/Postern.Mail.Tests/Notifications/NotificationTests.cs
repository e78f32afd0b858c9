using System.Buffers;
using System.Text;
using CsCheck;
using Postern.TestKit.Attacks;

namespace Postern.Mail.Tests.Notifications;

/// <summary>The frame of a notification: header, parts, boundary, types.</summary>
public class NotificationTests
{
    private const string OriginalHeader = "From: s@a.test\r\nSubject: t\r\n";

    [Fact]
    public void Header_SaysWhatItIsToPeopleAndPrograms() =>
        Assert.Equal(
            "From: Mail Delivery System <postmaster@a.test>\r\n"
            + "To: <s@a.test>\r\n"
            + "Subject: Your message could not be delivered\r\n"
            + "Date: Mon, 23 Nov 2026 22:00:00 +0000\r\n"
            + "Message-ID: <0000000000002@mx.a.test>\r\n"
            + "Auto-Submitted: auto-replied\r\n"
            + "MIME-Version: 1.0\r\n"
            + "Content-Type: multipart/report; report-type=delivery-status;\r\n"
            + $"\tboundary=\"{Composed.Boundary}\"\r\n",
            new Composed(Composed.Of(Composed.Recipient())).Header);

    [Theory]
    [InlineData(false, "text/rfc822-headers")]
    [InlineData(true, "message/rfc822")]
    public void Original_ComesBackAsItIs(bool full, string type)
    {
        string original = OriginalHeader + (full ? "\r\nbody\r\n.\r\n--almost\r\n" : "");
        var composed = new Composed(Composed.Of(original, "", full, Composed.Recipient()));
        Assert.Equal(3, composed.Parts.Length);
        Assert.StartsWith($"\r\nContent-Type: {type}\r\n\r\n", composed.Parts[2], StringComparison.Ordinal);
        Assert.Equal(original, composed.ContentOf(2));
        Assert.Contains(full ? "\r\nIt is attached." : "\r\nIts header is attached.", composed.Human, StringComparison.Ordinal);
    }

    public static TheoryData<string> Sequences => [.. EndSequences.All.Except(EndSequences.Refused).Select(sequence => sequence.Id)];

    [Theory]
    [MemberData(nameof(Sequences))]
    public void OriginalThatImitatesAnEnd_IsQuotedInsideOnePart(string id)
    {
        // A34: the notification is content in turn; the queue holds no other sequences than these.
        string original = EndSequences.All.Single(sequence => sequence.Id == id).Attack;
        var composed = new Composed(Composed.Of(original, "", true, Composed.Recipient()));
        Assert.True(WireReading.IsClean(composed.Text));
        Assert.Equal(3, composed.Parts.Length);
        Assert.Equal(original, composed.ContentOf(2));
    }

    [Theory]
    [InlineData("From: s@a.test\r\nSubject: long lo")]
    // Between the two bytes of a line end: a bare CR would make the notification undeliverable.
    [InlineData("From: s@a.test\r\nSubject: long lo\r")]
    [InlineData("From: s@a.test\r\nSubject: long lo\r\n")]
    public void OriginalThatWasCut_EndsItsLastLine(string original)
    {
        var composed = new Composed(Composed.Of(original, "", false, Composed.Recipient()));
        Assert.Equal("From: s@a.test\r\nSubject: long lo\r\n", composed.ContentOf(2));
    }

    [Fact]
    public void NothingToReturn_LeavesTwoParts()
    {
        var composed = new Composed(Composed.Of(Composed.Recipient()));
        Assert.Equal(2, composed.Parts.Length);
        Assert.DoesNotContain("attached", composed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void EightBitOriginal_IsDeclared()
    {
        var composed = new Composed(Composed.Of("Subject: grüße\r\n", "", false, Composed.Recipient()));
        Assert.StartsWith(
            "\r\nContent-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", composed.Parts[2], StringComparison.Ordinal);
        Assert.DoesNotContain("8bit", composed.Human + composed.Status, StringComparison.Ordinal);
        // RFC 2045 §6.4: what holds a part with eight bits says so itself.
        Assert.Contains("\r\nContent-Transfer-Encoding: 8bit\r\n", composed.Header, StringComparison.Ordinal);
    }

    [Fact]
    public void PlainNotification_DeclaresNoEightBits()
    {
        var composed = new Composed(Composed.Of(OriginalHeader, "", false, Composed.Recipient()));
        Assert.DoesNotContain("Content-Transfer-Encoding", composed.Text, StringComparison.Ordinal);
    }

    [Theory]
    // RFC 6533: for SMTPUTF8, and wherever an address is beyond ASCII.
    [InlineData("s@a.test", "u@f.test", true, false)]
    [InlineData("s@a.test", "почта@f.test", false, false)]
    [InlineData("почта@a.test", "u@f.test", false, true)]
    public void InternationalMessage_HasTheTypesForIt(string to, string recipient, bool smtpUtf8, bool needsSmtpUtf8)
    {
        var notification = Composed.Of(OriginalHeader, "", false, to, smtpUtf8, Composed.Recipient(mailbox: recipient));
        var composed = new Composed(notification);
        Assert.Equal(needsSmtpUtf8, notification.NeedsSmtpUtf8);
        Assert.Contains("report-type=global-delivery-status", composed.Header, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Transfer-Encoding: 8bit\r\n", composed.Header, StringComparison.Ordinal);
        Assert.Contains($"To: <{to}>\r\n", composed.Header, StringComparison.Ordinal);
        Assert.StartsWith(
            "\r\nContent-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", composed.Status, StringComparison.Ordinal);
        Assert.StartsWith("\r\nContent-Type: message/global-headers\r\n", composed.Parts[2], StringComparison.Ordinal);
        Assert.StartsWith("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", composed.Human, StringComparison.Ordinal);
        var full = new Composed(Composed.Of(OriginalHeader, "", true, to, smtpUtf8, Composed.Recipient(mailbox: recipient)));
        Assert.StartsWith("\r\nContent-Type: message/global\r\n", full.Parts[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x " + Composed.Boundary, "", "", "")]
    [InlineData("", Composed.Boundary, "", "")]
    [InlineData("", "", "550 " + Composed.Boundary, "")]
    [InlineData("", "", "", "rfc822;" + Composed.Boundary)]
    public void BoundaryThatOccurs_IsRefused(string original, string envelopeId, string text, string originalRecipient)
    {
        // K5: the caller draws another; nothing was written.
        var notification = Composed.Of(original, envelopeId, false, Composed.Recipient(text: text, original: originalRecipient));
        var output = new ArrayBufferWriter<byte>();
        byte[] seed = [.. Enumerable.Range(0, 16).Select(value => (byte)value)];
        Assert.False(notification.TryWrite(seed, output));
        Assert.Equal(0, output.WrittenCount);
        seed[0] = 1;
        Assert.True(notification.TryWrite(seed, output));
        Assert.Throws<ArgumentOutOfRangeException>(() => notification.TryWrite(seed.AsSpan(1), output));
    }

    [Fact]
    public void AnyForeignText_LeavesTheFrameWhole()
    {
        var token = Some.Of("\r\n", "\n", "\r", "\0", "\x1b[2J", "--" + Composed.Boundary[..20], ": ", "Action: delivered", "+0D+0A", ";", "rfc822;", "utf-8;", "x", " ", "\xff", "ü");
        var text = token.Array[0, 8].Select(tokens => string.Concat(tokens));
        Gen.Select(text, text, text, text).Sample((reply, host, original, envelopeId) =>
        {
            var notification = Composed.Of(OriginalHeader, envelopeId, false, Composed.Recipient(text: reply, host: host, original: original));
            var composed = new Composed(notification);
            Assert.Equal(3, composed.Parts.Length);
            Assert.Equal(2, composed.Groups.Length);
            Assert.Equal(1, composed.Text.Split("Action: failed\r\n").Length - 1);
            Assert.DoesNotContain("\nAction: delivered", composed.Text, StringComparison.Ordinal);
            Assert.True(composed.Text.ReplaceLineEndings("").All(character => character is '\t' or (>= ' ' and <= '~')));
            Assert.Equal(composed.Text.Count(character => character == '\n'), composed.Text.Split("\r\n").Length - 1);
        });
    }

    [Fact]
    public void ManyRecipients_StayWithinTwoMebibytes()
    {
        string text = new('x', 2000);
        var recipient = Composed.Recipient(
            mailbox: $"{new string('a', 62)}@{new string('b', 63)}.{new string('c', 63)}.{new string('d', 63)}", text: text, host: text,
            original: "rfc822;" + new string('e', 490));
        var composed = new Composed(Composed.Of(new string('h', 50_000), "", false, [.. Enumerable.Repeat(recipient, 1000)]));
        Assert.InRange(Encoding.UTF8.GetByteCount(composed.Text), 0, 2 * 1024 * 1024);
        Assert.Contains("and 900 more", composed.Human, StringComparison.Ordinal);
        Assert.Equal(1001, composed.Groups.Length);
        // RFC 5322 §2.1.1, for all that we wrote ourselves.
        Assert.All((composed.Header + composed.Human + composed.Status).Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
    }
}
