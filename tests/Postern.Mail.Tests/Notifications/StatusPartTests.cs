namespace Postern.Mail.Tests.Notifications;

/// <summary>The fields of message/delivery-status (RFC 3464 §2).</summary>
public class StatusPartTests
{
    private static string GroupOf(NotifiedRecipient recipient, bool smtpUtf8 = false) =>
        new Composed(Composed.Of("", "", false, "s@a.test", smtpUtf8, recipient)).Groups[1];

    private static string MessageGroup(string envelopeId) => new Composed(Composed.Of("", envelopeId, false, Composed.Recipient())).Groups[0];

    [Fact]
    public void Report_HasTheFieldsInTheirOrder()
    {
        var composed = new Composed(Composed.Of(
            "", "QQ+2B314159", false, Composed.Recipient(original: "rfc822;U+2Bx@F.test"), Composed.Recipient(NotifiedAction.Delayed, "v@f.test", "timed out", host: "")));
        Assert.Equal(
            "\r\nContent-Type: message/delivery-status\r\n\r\n"
            + "Original-Envelope-Id: QQ+314159\r\n"
            + "Reporting-MTA: dns; mx.a.test\r\n"
            + "Arrival-Date: Mon, 23 Nov 2026 20:00:00 +0000\r\n"
            + "\r\n"
            + "Original-Recipient: rfc822; U+x@F.test\r\n"
            + "Final-Recipient: rfc822; u@f.test\r\n"
            + "Action: failed\r\n"
            + "Status: 5.1.1\r\n"
            + "Remote-MTA: dns; mx.f.test ([192.0.2.1])\r\n"
            + "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
            + "Last-Attempt-Date: Mon, 23 Nov 2026 21:00:00 +0000\r\n"
            + "\r\n"
            + "Final-Recipient: rfc822; v@f.test\r\n"
            + "Action: delayed\r\n"
            + "Status: 4.4.1\r\n"
            + "Diagnostic-Code: x-postern; timed out\r\n"
            + "Last-Attempt-Date: Mon, 23 Nov 2026 21:00:00 +0000\r\n"
            + "Will-Retry-Until: Sat, 28 Nov 2026 20:00:00 +0000\r\n",
            composed.Status);
    }

    [Theory]
    [InlineData(NotifiedAction.Failed, "failed")]
    [InlineData(NotifiedAction.Delayed, "delayed")]
    [InlineData(NotifiedAction.Delivered, "delivered")]
    [InlineData(NotifiedAction.Relayed, "relayed")]
    [InlineData(NotifiedAction.Expanded, "expanded")]
    public void Action_HasItsRegisteredName(NotifiedAction action, string name) =>
        Assert.Contains($"\r\nAction: {name}\r\n", GroupOf(Composed.Recipient(action)), StringComparison.Ordinal);

    [Theory]
    // B15: what was hidden in xtext is not set free here, even if it came this far.
    [InlineData("+00abc")]
    [InlineData("a+0D+0AInjected:+20x")]
    [InlineData("+G1")]
    [InlineData("a b")]
    [InlineData("")]
    public void EnvelopeIdThatIsNotPrintable_IsLeftOut(string envelopeId)
    {
        Assert.DoesNotContain("Original-Envelope-Id", MessageGroup(envelopeId), StringComparison.Ordinal);
        Assert.DoesNotContain("Original-Envelope-Id", MessageGroup(new string('a', 101)), StringComparison.Ordinal);
        Assert.Contains($"Original-Envelope-Id: {new string('a', 100)}\r\n", MessageGroup(new string('a', 100)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rfc822;a+00b", false)]
    [InlineData("rfc822;x+0D+0AY", false)]
    [InlineData("rfc822;+2", false)]
    [InlineData(";u@f.test", false)]
    [InlineData("u@f.test", false)]
    [InlineData("rf c;u@f.test", false)]
    [InlineData("utf-8;a\r\nb", true)]
    [InlineData("utf-8;a\r\nb", false)]
    // Beyond ASCII only where the report is.
    [InlineData("utf-8;почта@f.test", false)]
    [InlineData("utf-8;a\u202eb@f.test", true)]
    [InlineData("utf-8;a\u0080", true)]
    [InlineData("utf-8;a\u007f", true)]
    public void OriginalRecipientThatIsNone_IsLeftOut(string original, bool smtpUtf8) =>
        Assert.DoesNotContain("Original-Recipient", GroupOf(Composed.Recipient(original: original), smtpUtf8), StringComparison.Ordinal);

    [Theory]
    [InlineData("utf-8;почта@f.test", true, "utf-8; почта@f.test")]
    // RFC 6533 §3 has an encoding of its own for ASCII reports.
    [InlineData("utf-8;\\x{43F}@f.test", false, "utf-8; \\x{43F}@f.test")]
    [InlineData("UTF-8;u@f.test", false, "UTF-8; u@f.test")]
    [InlineData("x400;c=de", false, null)]
    [InlineData("x400;c+3Dde", false, "x400; c=de")]
    public void OriginalRecipient_IsDecodedByItsType(string original, bool smtpUtf8, string? expected)
    {
        string group = GroupOf(Composed.Recipient(original: original), smtpUtf8);
        if (expected is null) Assert.DoesNotContain("Original-Recipient", group, StringComparison.Ordinal);
        else Assert.Contains($"Original-Recipient: {expected}\r\n", group, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mx.f.test", "Remote-MTA: dns; mx.f.test\r\n")]
    [InlineData("mx.f.test [IPv6:2001:db8::1]", "Remote-MTA: dns; mx.f.test ([IPv6:2001:db8::1])\r\n")]
    [InlineData("[192.0.2.1]", "Remote-MTA: dns; [192.0.2.1]\r\n")]
    [InlineData("mx.f.test (evil)", "Remote-MTA: dns; mx.f.test\r\n")]
    [InlineData("mx_f test", null)]
    [InlineData("/run/dovecot/lmtp", null)]
    [InlineData("", null)]
    public void RemoteHost_IsNamedWhenItHasAName(string host, string? expected)
    {
        string group = GroupOf(Composed.Recipient(host: host));
        if (expected is null) Assert.DoesNotContain("Remote-MTA", group, StringComparison.Ordinal);
        else Assert.Contains(expected, group, StringComparison.Ordinal);
    }

    [Fact]
    public void AddressBeyondAscii_HasItsOwnType() =>
        Assert.Contains("Final-Recipient: utf-8; почта@f.test\r\n", GroupOf(Composed.Recipient(mailbox: "почта@f.test")), StringComparison.Ordinal);

    [Fact]
    public void Diagnosis_IsPlainAndCut()
    {
        // K5.
        string group = GroupOf(Composed.Recipient(text: "550-a\r\n550 \x1b]0;b\x07" + new string('c', 1000)));
        string line = Assert.Single(group.Split("\r\n"), line => line.StartsWith("Diagnostic-Code: ", StringComparison.Ordinal));
        Assert.StartsWith("Diagnostic-Code: smtp; 550-a 550 ?]0;b?ccc", line, StringComparison.Ordinal);
        Assert.Equal("Diagnostic-Code: smtp; ".Length + DeliveryResult.MaxText, line.Length);
        Assert.DoesNotContain("Diagnostic-Code", GroupOf(Composed.Recipient(text: "")), StringComparison.Ordinal);
    }
}
