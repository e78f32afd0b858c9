using Postern.Mail;
using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Commands;

/// <summary>Attacks B13, B15, H1, H2, H9: what may stand behind an address in MAIL and RCPT.</summary>
public class ParameterTests
{
    [Theory]
    // H1: 1*20DIGIT and nothing that other readers of numbers take.
    [InlineData("SIZE=0", 250)]
    [InlineData("SIZE=1", 250)]
    [InlineData("SIZE=1048576", 250)]
    [InlineData("SIZE=1048577", 552)]
    [InlineData("SIZE=4294967296", 552)]
    [InlineData("SIZE=9223372036854775807", 552)]
    [InlineData("SIZE=18446744073709551616", 552)]
    [InlineData("SIZE=99999999999999999999", 552)]
    [InlineData("SIZE=999999999999999999999", 501)]
    [InlineData("SIZE=00000000000000000001", 250)]
    [InlineData("SIZE=000000000000000000001", 501)]
    [InlineData("SIZE=11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111", 501)]
    [InlineData("SIZE=5\t", 250)]
    [InlineData("SIZE=\t5", 501)]
    [InlineData("SIZE=-1", 501)]
    [InlineData("SIZE=+5", 501)]
    [InlineData("SIZE= 5", 501)]
    [InlineData("SIZE=0x10", 501)]
    [InlineData("SIZE=1e9", 501)]
    [InlineData("SIZE=\xef\xbc\x95", 501)]
    [InlineData("SIZE=\xd9\xa3", 501)]
    [InlineData("SIZE=", 501)]
    [InlineData("SIZE", 501)]
    // B13.
    [InlineData("SIZE=1 SIZE=2", 501)]
    [InlineData("FOO=bar", 555)]
    [InlineData("BODY=9BIT", 501)]
    [InlineData("BODY=BINARYMIME", 501)]
    [InlineData("BODY=7BIT", 250)]
    [InlineData("body=8bitmime", 250)]
    [InlineData("=x", 501)]
    [InlineData("=", 501)]
    [InlineData("AUTH=+0", 555)]
    [InlineData("-X=y", 501)]
    [InlineData("X_Y=z", 501)]
    [InlineData("SIZE==1", 501)]
    [InlineData("SIZE=1\"", 501)]
    [InlineData("BODY=8BITMIME BODY=7BIT", 501)]
    [InlineData("SMTPUTF8 SMTPUTF8", 501)]
    [InlineData("NOTIFY=NEVER", 555)]
    [InlineData("AUTH=<>", 555)]
    [InlineData("SMTPUTF8=yes", 501)]
    [InlineData("SIZE=1 ", 250)]
    // B15: DSN parameters whose decoded form would end a line or a string.
    [InlineData("RET=FULL ENVID=QQ314159", 250)]
    [InlineData("RET=FULL ENVID=+00abc", 501)]
    [InlineData("ENVID=a+0D+0AInjected:+20x", 501)]
    [InlineData("ENVID=a+G1", 501)]
    [InlineData("ENVID=a+2", 501)]
    [InlineData("RET=ALL", 501)]
    [InlineData("RET=HDRS RET=FULL", 501)]
    public void MailParameter_IsJudged(string parameters, int code)
    {
        var isTaken = code == 250;
        string[] lines = ["EHLO c.test", "MAIL FROM:<s@f.test> " + parameters, "RCPT TO:<u@a.test>", "DATA"];
        AttackRun.Play(SessionAttack.OfLines(parameters, lines, "250", $"{code}", isTaken ? "250" : "503", isTaken ? "354" : "503"), AttackRun.Unchanged);
    }

    [Theory]
    [InlineData("NOTIFY=NEVER", 250)]
    [InlineData("NOTIFY=SUCCESS,FAILURE,DELAY", 250)]
    [InlineData("NOTIFY=NEVER,SUCCESS", 501)]
    [InlineData("NOTIFY=", 501)]
    [InlineData("NOTIFY=SOMETIMES", 501)]
    [InlineData("ORCPT=rfc822;u@a.test", 250)]
    [InlineData("ORCPT=rfc822;a+00b", 501)]
    [InlineData("ORCPT=rfc822;x+0D+0AY", 501)]
    [InlineData("ORCPT=rfc822;a+G1", 501)]
    [InlineData("ORCPT=rfc822;a+2", 501)]
    [InlineData("ORCPT=rfc822;a+", 501)]
    [InlineData("ORCPT=rfc822;a+7F", 501)]
    [InlineData("ORCPT=rfc822;a+0a", 501)]
    [InlineData("ORCPT=utf-8;a\\x{0A}b", 501)]
    [InlineData("ORCPT=rfc822;a ORCPT=rfc822;b", 501)]
    [InlineData("NOTIFY=NEVER NOTIFY=NEVER", 501)]
    [InlineData("NOTIFY=NEVER,NEVER,DELAY", 501)]
    [InlineData("ORCPT=rfc822", 501)]
    [InlineData("ORCPT=;x", 501)]
    [InlineData("SIZE=1", 555)]
    [InlineData("X=y", 555)]
    public void RcptParameter_IsJudged(string parameters, int code)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask("RCPT TO:<u@a.test> " + parameters);
        Assert.Equal(code, client.LastCode);
        Assert.Equal(code == 250 ? 1 : 0, server.Directory.Asked.Count);
        string[] lines = ["EHLO c.test", "MAIL FROM:<s@f.test>", "RCPT TO:<u@a.test> " + parameters, "DATA"];
        AttackRun.Play(SessionAttack.OfLines(parameters, lines, "250", "250", $"{code}", code == 250 ? "354" : "503"));
    }

    [Theory]
    // B13: the shapes that made another server read before the start of its buffer.
    [InlineData("MAIL FROM:<a@b>=\"", 501)]
    [InlineData("MAIL FROM:<a@b.test>\"", 501)]
    [InlineData("MAIL FROM:<a@b.test>=\"\"=", 501)]
    [InlineData("MAIL FROM:<a@b.test>SIZE=1", 501)]
    [InlineData("MAIL FROM:", 501)]
    [InlineData("MAIL FROM: ", 501)]
    [InlineData("MAIL", 501)]
    [InlineData("MAIL LALA:<a@b.test>", 501)]
    [InlineData("MAIL FROM <a@b.test>", 501)]
    [InlineData("MAIL TO:<a@b.test>", 501)]
    [InlineData("MAIL FROM:<a@b.test", 501)]
    [InlineData("MAIL FROM:a@b.test>", 501)]
    [InlineData("MAIL FROM:<<a@b.test>>", 501)]
    [InlineData("MAIL FROM:<\"", 501)]
    [InlineData("MAIL FROM:\"", 501)]
    [InlineData("MAIL FROM:<\"\\", 501)]
    public void BrokenMail_IsRefused(string line, int code) =>
        AttackRun.Play(SessionAttack.OfLines(line, ["EHLO c.test", line, "RCPT TO:<u@a.test>", "DATA"], "250", $"{code}", "503", "503"));

    [Theory]
    [InlineData("RCPT TO:<u@a.test>\"")]
    [InlineData("RCPT TO:<u@a.test>=\"\"=")]
    [InlineData("RCPT TO:<u@a.test>=\"")]
    [InlineData("RCPT TO:<u@a.test>NOTIFY=NEVER")]
    [InlineData("RCPT TO:")]
    [InlineData("RCPT")]
    [InlineData("RCPT FROM:<u@a.test>")]
    [InlineData("RCPT TO:<\"u@a.test")]
    [InlineData("RCPT TO:\"u\"@a.test")]
    [InlineData("RCPT TO:<u@a.test> =x")]
    public void BrokenRcpt_IsRefused(string line)
    {
        using var server = new TestServer();
        foreach (var way in Ways.OfLines(["EHLO c.test", "MAIL FROM:<s@f.test>", line, "DATA"]))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["220", "250", "250", "501", "503"], client.Replies.Select(reply => reply[..3]));
        }

        Assert.Empty(server.Directory.Asked);
        server.DemandService();
    }

    [Fact]
    public void TwoHundredParameters_AreJudgedOnce()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        Assert.StartsWith("501 ", client.Ask("MAIL FROM:<s@f.test>" + string.Concat(Enumerable.Repeat(" SIZE=1", 200))), StringComparison.Ordinal);
        Assert.StartsWith("555 ", client.Ask("MAIL FROM:<s@f.test>" + string.Concat(Enumerable.Range(0, 200).Select(i => $" X{i}=y"))), StringComparison.Ordinal);
        server.DemandService();
    }

    [Fact]
    public void LongNotificationParameters_AreRefused()
    {
        // B15: beyond their limits, beyond any line.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        Assert.StartsWith("501 5.5.4 ", client.Ask("MAIL FROM:<s@f.test> ENVID=" + new string('a', 1900)), StringComparison.Ordinal);
        Assert.StartsWith("500 5.5.2 ", client.Ask("MAIL FROM:<s@f.test> ENVID=" + new string('a', 5000)), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.4 ", client.Ask("MAIL FROM:<s@f.test> ENVID=" + new string('a', 101)), StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("MAIL FROM:<s@f.test> ENVID=" + new string('a', 100)), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.4 ", client.Ask("RCPT TO:<u@a.test> ORCPT=rfc822;" + new string('a', 1900)), StringComparison.Ordinal);
        Assert.StartsWith("500 5.5.2 ", client.Ask("RCPT TO:<u@a.test> ORCPT=rfc822;" + new string('a', 5000)), StringComparison.Ordinal);
        Assert.StartsWith("503 ", client.Ask("DATA"), StringComparison.Ordinal);
        server.DemandService();
    }

    [Fact]
    public void DeclaredSize_IsNoPromise()
    {
        // H2: what comes is counted, whatever was said.
        using var server = new TestServer(head => head with { MessageSize = 1000 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test> SIZE=10");
        client.Ask("RCPT TO:<u@a.test>");
        client.Ask("DATA");
        Assert.StartsWith("552 ", client.Exchange(new string('x', 2000) + "\r\n.\r\n"), StringComparison.Ordinal);
        client.Ask("MAIL FROM:<s@f.test> SIZE=1000");
        client.Ask("RCPT TO:<u@a.test>");
        client.Ask("DATA");
        Assert.StartsWith("250 ", client.Exchange("x\r\n.\r\n"), StringComparison.Ordinal);
        client.Send("MAIL FROM:<s@f.test> SIZE=1\r\nRCPT TO:<u@a.test>\r\nBDAT 1000 LAST\r\n" + new string('x', 1000));
        Assert.Equal(250, client.LastCode);
        Assert.StartsWith("552 5.3.4 ", client.Ask("MAIL FROM:<s@f.test> SIZE=1073741824"), StringComparison.Ordinal);
        Assert.Equal(["x\r\n", new string('x', 1000)], server.Queue.Committed.Select(message => message.Content));
        server.DemandService();
    }

    [Fact]
    public void BinaryContent_IsNotOnOffer()
    {
        // H9: and what was not begun does not go on.
        using var server = new TestServer();
        foreach (var way in Ways.OfLines(["EHLO c.test", "MAIL FROM:<s@f.test> BODY=BINARYMIME", "RCPT TO:<u@a.test>", "DATA"]))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.DoesNotContain("BINARYMIME", client.Replies[1], StringComparison.Ordinal);
            Assert.Equal(["501", "503", "503"], client.Replies.Skip(2).Select(reply => reply[..3]));
            client.Send("BDAT 3 LAST\r\na\nbNOOP\r\n");
            Assert.Equal(["503", "250"], client.Replies.Skip(5).Select(reply => reply[..3]));
        }

        server.DemandService();
    }

    [Fact]
    public void Smtputf8_AllowsAddressesInOtherScripts()
    {
        using var server = new TestServer();
        server.Directory.Users.Add("\u00fc");
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<\xc3\xa4@f.test> SMTPUTF8");
        Assert.StartsWith("250 ", client.Ask("RCPT TO:<\xc3\xbc@a.test>"), StringComparison.Ordinal);
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        var message = Assert.Single(server.Queue.Committed);
        Assert.Equal(("\u00e4@f.test", "\u00fc@a.test"), (message.Sender, message.Recipients[0]));
        Assert.True(message.IsUtf8);
        Assert.Equal(MailProtocol.Utf8Smtp, message.Protocol);
        Assert.Contains("with UTF8SMTP\r\n", message.Trace, StringComparison.Ordinal);
        server.DemandService();
    }
}
