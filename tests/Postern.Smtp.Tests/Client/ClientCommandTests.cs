using CsCheck;
using Postern.Mail;
using Postern.Smtp.Tests.Commands;

namespace Postern.Smtp.Tests.Client;

/// <summary>What our client says, and what it can't be made to say.</summary>
public class ClientCommandTests
{
    private const SmtpExtensions All = (SmtpExtensions)0x3ff;
    private static readonly Mailbox Sender = Paths.Mailbox("s@f.test");
    private static readonly Mailbox User = Paths.Mailbox("u@f.test");

    private static string? Hello(CommandVerb verb, string name)
    {
        byte[] output = new byte[ClientCommand.MaxCommand];
        return ClientCommand.TryWriteHello(verb, Bytes.Of(name), output, out int written) ? Bytes.Text(output.AsSpan(0, written)) : null;
    }

    private static string? Mail(MailRequest mail, SmtpExtensions offered)
    {
        byte[] output = new byte[ClientCommand.MaxCommand];
        bool passed = ClientCommand.TryWriteMail(mail, offered, output, out int written);
        Assert.True(passed || written == 0);
        return passed ? Bytes.Text(output.AsSpan(0, written)) : null;
    }

    private static string? Rcpt(RcptRequest rcpt, SmtpExtensions offered, bool smtpUtf8 = false)
    {
        byte[] output = new byte[ClientCommand.MaxCommand];
        bool passed = ClientCommand.TryWriteRcpt(rcpt, offered, smtpUtf8, output, out int written);
        Assert.True(passed || written == 0);
        return passed ? Bytes.Text(output.AsSpan(0, written)) : null;
    }

    [Fact]
    public void Hello_IsWrittenByItsVerb()
    {
        Assert.Equal("EHLO mx.a.test\r\n", Hello(CommandVerb.Ehlo, "mx.a.test"));
        Assert.Equal("HELO mx.a.test\r\n", Hello(CommandVerb.Helo, "mx.a.test"));
        Assert.Equal("LHLO mx.a.test\r\n", Hello(CommandVerb.Lhlo, "mx.a.test"));
        Assert.Null(Hello(CommandVerb.Ehlo, ""));
        Assert.Null(Hello(CommandVerb.Ehlo, "a b"));
        Assert.Null(Hello(CommandVerb.Ehlo, "a\r\nQUIT"));
    }

    [Fact]
    public void Bdat_IsWritten()
    {
        byte[] output = new byte[ClientCommand.MaxCommand];
        Assert.True(ClientCommand.TryWriteBdat(65536, isLast: false, output, out int written));
        Assert.Equal("BDAT 65536\r\n", Bytes.Text(output.AsSpan(0, written)));
        Assert.True(ClientCommand.TryWriteBdat(0, isLast: true, output, out written));
        Assert.Equal("BDAT 0 LAST\r\n", Bytes.Text(output.AsSpan(0, written)));
    }

    [Theory]
    [InlineData("", true, "AUTH PLAIN\r\n")]
    [InlineData("\0u\0p", true, "AUTH PLAIN AHUAcA==\r\n")]
    // 512 bytes with its line end, and one more group.
    [InlineData("372", true, "AUTH PLAIN ")]
    [InlineData("375", false, "AUTH PLAIN\r\n")]
    public void Auth_TakesAlongWhatFitsIntoALine(string initial, bool fits, string expected)
    {
        if (initial.StartsWith('3')) initial = new string('x', int.Parse(initial, System.Globalization.CultureInfo.InvariantCulture));
        byte[] output = new byte[ClientCommand.MaxCommand];
        Assert.Equal(fits, ClientCommand.WriteAuth("PLAIN"u8, Bytes.Of(initial), output, out int written));
        Assert.StartsWith(expected, Bytes.Text(output.AsSpan(0, written)), StringComparison.Ordinal);
        Assert.InRange(written, expected.Length, 512);
    }

    [Fact]
    public void Answer_IsWrittenOrIsTooLong()
    {
        byte[] output = new byte[ClientCommand.MaxCommand];
        Assert.True(ClientCommand.TryWriteAnswer([], output, out int written));
        Assert.Equal("\r\n", Bytes.Text(output.AsSpan(0, written)));
        Assert.True(ClientCommand.TryWriteAnswer("ab"u8, output, out written));
        Assert.Equal("YWI=\r\n", Bytes.Text(output.AsSpan(0, written)));
        Assert.False(ClientCommand.TryWriteAnswer(new byte[2000], output, out written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void Commands_FitExactlyOrNotAtAll()
    {
        Assert.True(ClientCommand.TryWriteBdat(5, isLast: false, new byte[8], out int written));
        Assert.Equal(8, written);
        Assert.False(ClientCommand.TryWriteBdat(5, isLast: false, new byte[7], out written));
        Assert.Equal(0, written);
        Assert.Null(Rcpt(new RcptRequest { Recipient = User, OriginalRecipient = Bytes.Of("rfc822;" + new string('a', 3000)) }, All));
    }

    [Theory]
    [InlineData(SmtpExtensions.None, "")]
    [InlineData(SmtpExtensions.Size, " SIZE=1000")]
    [InlineData(SmtpExtensions.EightBitMime, " BODY=8BITMIME")]
    [InlineData(SmtpExtensions.SmtpUtf8, " SMTPUTF8")]
    [InlineData(SmtpExtensions.RequireTls, " REQUIRETLS")]
    [InlineData(SmtpExtensions.Dsn, " RET=HDRS ENVID=a+2Bb")]
    [InlineData(All, " SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb")]
    public void Mail_SaysWhatTheServerUnderstands(SmtpExtensions offered, string parameters)
    {
        var mail = new MailRequest
        {
            Sender = Sender,
            Size = 1000,
            Body = BodyType.EightBitMime,
            SmtpUtf8 = true,
            RequireTls = true,
            Return = ReturnContent.Headers,
            EnvelopeId = "a+2Bb"u8,
        };
        Assert.Equal($"MAIL FROM:<s@f.test>{parameters}\r\n", Mail(mail, offered));
    }

    [Fact]
    public void MailWithoutWishes_IsPlain()
    {
        Assert.Equal("MAIL FROM:<>\r\n", Mail(new MailRequest(), All));
        Assert.Equal("MAIL FROM:<s@f.test> RET=FULL\r\n", Mail(new MailRequest { Sender = Sender, Return = ReturnContent.Full }, All));
    }

    [Theory]
    [InlineData(NotifyOn.Unspecified, "", SmtpExtensions.Dsn, "")]
    [InlineData(NotifyOn.Never, "", SmtpExtensions.Dsn, " NOTIFY=NEVER")]
    [InlineData(NotifyOn.Success, "", SmtpExtensions.Dsn, " NOTIFY=SUCCESS")]
    [InlineData(NotifyOn.Failure | NotifyOn.Delay, "rfc822;a+2Bb", SmtpExtensions.Dsn, " NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb")]
    [InlineData(NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay, "", SmtpExtensions.Dsn, " NOTIFY=SUCCESS,FAILURE,DELAY")]
    [InlineData(NotifyOn.Failure, "rfc822;a", All & ~SmtpExtensions.Dsn, "")]
    public void Rcpt_SaysWhatTheServerUnderstands(NotifyOn notify, string original, SmtpExtensions offered, string parameters)
    {
        var rcpt = new RcptRequest { Recipient = User, NotifyOn = notify, OriginalRecipient = Bytes.Of(original) };
        Assert.Equal($"RCPT TO:<u@f.test>{parameters}\r\n", Rcpt(rcpt, offered));
    }

    [Fact]
    public void Utf8_GoesOnlyWhereItMay()
    {
        var address = Paths.Mailbox("\u00c3\u00bc@f.test");
        Assert.Equal("MAIL FROM:<\u00c3\u00bc@f.test> SMTPUTF8\r\n", Mail(new MailRequest { Sender = address, SmtpUtf8 = true }, All));
        Assert.Null(Mail(new MailRequest { Sender = address, SmtpUtf8 = true }, All & ~SmtpExtensions.SmtpUtf8));
        Assert.Null(Mail(new MailRequest { Sender = address }, All));

        var rcpt = new RcptRequest { Recipient = address, OriginalRecipient = Bytes.Of("utf-8;\u00c3\u00bc@f.test") };
        Assert.Equal("RCPT TO:<\u00c3\u00bc@f.test> ORCPT=utf-8;\u00c3\u00bc@f.test\r\n", Rcpt(rcpt, All, smtpUtf8: true));
        Assert.Null(Rcpt(rcpt, All));
        Assert.Null(Rcpt(rcpt, All & ~SmtpExtensions.SmtpUtf8, smtpUtf8: true));
        var plain = new RcptRequest { Recipient = User, OriginalRecipient = Bytes.Of("utf-8;\u00c3\u00bc@f.test") };
        Assert.Equal("RCPT TO:<u@f.test>\r\n", Rcpt(plain, All));
    }

    [Theory]
    [InlineData("a\r\nDATA")]
    [InlineData("a b")]
    [InlineData("a\u0085")]
    [InlineData("a\0")]
    public void ParameterThatWouldEndTheCommand_IsNotWritten(string value)
    {
        Assert.Null(Mail(new MailRequest { Sender = Sender, EnvelopeId = Bytes.Of(value) }, All));
        string? rcpt = Rcpt(new RcptRequest { Recipient = User, OriginalRecipient = Bytes.Of("rfc822;" + value) }, All);
        // Eight-bit: left out. Else: refused.
        Assert.Equal(value.Contains('\u0085', StringComparison.Ordinal) ? "RCPT TO:<u@f.test>\r\n" : null, rcpt);
    }

    [Fact]
    public void QuotedAddress_KeepsItsLetters()
    {
        Assert.Equal("RCPT TO:<\"a> b\\\"\"@f.test>\r\n", Rcpt(new RcptRequest { Recipient = Paths.Mailbox("\"a> b\\\"\"@f.test") }, All));
    }

    [Fact]
    public void WhatIsWritten_IsReadBackTheSame()
    {
        var cases = from sender in TokenStreams.Of(8, "a", "b", "\"", "\"", "\\", " ", ">", "<", "=", "\r", "\n", "\u00c3\u00bc")
                    from size in Gen.ULong[0, (ulong)long.MaxValue]
                    from bits in Gen.Int[0, 11]
                    select (sender: sender + "@f.test", size, bits);
        int written = 0;
        cases.Sample(
            one =>
            {
                bool utf8 = (one.bits & 1) != 0;
                if (!Mailbox.TryParse(Bytes.Of(one.sender), utf8, out var mailbox)) return true;
                var request = new MailRequest { Sender = mailbox, Size = one.size, SmtpUtf8 = utf8, Return = (ReturnContent)(one.bits / 4) };
                string line = Mail(request, All)!;
                Interlocked.Increment(ref written);
                var command = CommandLine.Parse(Bytes.Of(line[..^2]));
                return line.IndexOfAny(['\r', '\n']) == line.Length - 2 && command.Verb == CommandVerb.Mail
                    && MailCommand.TryParse(command.Argument, All, out var mail, out _)
                    && mailbox.Equals(mail.Sender.Sender) && (mail.Size ?? 0) == (long)one.size
                    && mail.SmtpUtf8 == utf8 && mail.Return == (ReturnContent)(one.bits / 4);
            },
            iter: 20_000);
        Assert.True(written > 500, $"Only {written} of the random addresses were any.");
    }
}
