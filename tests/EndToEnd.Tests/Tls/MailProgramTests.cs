using System.Text;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>What the mail programs of most users say with their usual settings, word for word, from the greeting to the message in a mailbox.</summary>
public sealed class MailProgramTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly TlsSite _site = new() { Top = "trusted = [\"192.0.2.1\"]" };
    private readonly string _mark = Samples.Mark();

    public MailProgramTests() => _site.Server.Postern(["user", "add", "alice@example.org"], Password + "\n").MustSucceed();

    public void Dispose() => _site.Dispose();

    [Theory]
    // It calls itself by the address that it has behind its router, of either kind.
    [InlineData(587, "[192.168.178.21]")]
    [InlineData(587, "[IPv6:2001:db8::21]")]
    [InlineData(465, "[192.168.178.21]")]
    public void Thunderbird_Sends(int port, string name)
    {
        using var client = Begin(port, name, out var offered);
        // "Normal password" takes the first of these two; "encrypted password" would be CRAM-MD5 alone, which needs passwords in the clear here.
        Assert.Equal("PLAIN", new[] { "CRAM-MD5", "PLAIN", "LOGIN" }.First(mechanism => Offers(offered, mechanism)));
        Assert.Equal("235", Code(client.Say($"AUTH PLAIN {Base64($"\0alice@example.org\0{Password}")}\r\n")));
        var content = $"""
            Message-ID: <0b6b2f6c-5d39-4ad3-9d1e-{_mark}@example.org>
            Date: Sat, 28 Nov 2026 10:00:00 +0100
            MIME-Version: 1.0
            User-Agent: Mozilla Thunderbird
            Content-Language: de-DE
            To: bob@example.org
            From: Alice <alice@example.org>
            Subject: {_mark}
            Content-Type: text/plain; charset=UTF-8; format=flowed
            Content-Transfer-Encoding: 8bit

            Grüße
            .
            -- 
            Alice

            """;
        Assert.Equal("250", Code(client.Say($"MAIL FROM:<alice@example.org> BODY=8BITMIME SIZE={Wire(content).Length}\r\n")));
        Assert.Equal("250", Code(client.Say("RCPT TO:<bob@example.org>\r\n")));
        Give(client, content);
        Quit(client);
        var arrived = _site.Server.Mailbox("bob").Await(_mark).Text;
        Assert.Contains($"Received: from {name} ([127.0.0.1])", arrived, StringComparison.Ordinal);
        Assert.Contains("with ESMTPSA\n", arrived, StringComparison.Ordinal);
        Assert.EndsWith(Wire(content).Replace("\r\n", "\n", StringComparison.Ordinal), arrived, StringComparison.Ordinal);
    }

    [Fact]
    public void ThunderbirdWithAnOldPassword_TriesBothWaysAndIsToldNo()
    {
        using var client = Begin(465, "[192.168.178.21]", out _);
        Assert.Equal("535", Code(client.Say($"AUTH PLAIN {Base64("\0alice@example.org\0old")}\r\n")));
        Assert.Equal("334 VXNlcm5hbWU6\r\n", client.Say("AUTH LOGIN\r\n"));
        Assert.Equal("334 UGFzc3dvcmQ6\r\n", client.Say(Base64("alice@example.org") + "\r\n"));
        Assert.Equal("535", Code(client.Say(Base64("old") + "\r\n")));
        Quit(client);
    }

    [Theory]
    // It calls itself by the name of its computer, which is no domain and may have an underscore.
    [InlineData(587, "DESKTOP-4K2J7QF", false)]
    [InlineData(465, "ALICES_LAPTOP", false)]
    // The name together with the command, as some versions have it.
    [InlineData(587, "DESKTOP-4K2J7QF", true)]
    public void Outlook_SendsOneMessageAfterAnother(int port, string name, bool hasName)
    {
        using var client = Begin(port, name, out var offered);
        Assert.True(Offers(offered, "LOGIN"));
        LogIn(client, hasName);
        foreach (var number in new[] { 1, 2 })
        {
            // With a space, and without parameters, whatever was offered.
            Assert.Equal("250", Code(client.Say("MAIL FROM: <alice@example.org>\r\n")));
            Assert.Equal("250", Code(client.Say("RCPT TO: <bob@example.org>\r\n")));
            Give(client, Message($"{_mark} {number}", "bob@example.org", $"{number}"));
            Assert.Equal("250", Code(client.Say("RSET\r\n")));
        }

        Quit(client);
        var first = _site.Server.Mailbox("bob").Await($"{_mark} 1").Text;
        // What can be no domain stands in the comment.
        Assert.Contains(name.Contains('_') ? $"Received: from [127.0.0.1] (helo={name})" : $"Received: from {name} ([127.0.0.1])", first, StringComparison.Ordinal);
        Assert.Contains("with ESMTPSA\n", _site.Server.Mailbox("bob").Await($"{_mark} 2").Text, StringComparison.Ordinal);
        Assert.Equal(2, _site.Server.Mailbox("bob").Count);
    }

    [Theory]
    [InlineData(587)]
    [InlineData(465)]
    public void OutlooksTestOfAnAccount_ComesBackToItsOwner(int port)
    {
        using var client = Begin(port, "DESKTOP-4K2J7QF", out _);
        LogIn(client, hasName: false);
        Assert.Equal("250", Code(client.Say("MAIL FROM: <alice@example.org>\r\n")));
        Assert.Equal("250", Code(client.Say("RCPT TO: <alice@example.org>\r\n")));
        Give(client, Message($"=?utf-8?B?{Base64("Microsoft Outlook Test Message")}?=", "alice@example.org", _mark));
        Quit(client);
        var arrived = _site.Server.Mailbox("alice").Await(_mark).Text;
        // It has none of its own.
        Assert.Matches("\nDate: [^\n]+ [+]0000\nMessage-ID: <[^@\n]+@[^>\n]+>\n\n<!DOCTYPE", arrived);
    }

    [Fact]
    public void OutlookThatGivesARecipientUp_BeginsAnewAndSends()
    {
        using var client = Begin(587, "DESKTOP-4K2J7QF", out _);
        LogIn(client, hasName: false);
        Assert.Equal("250", Code(client.Say("MAIL FROM: <alice@example.org>\r\n")));
        Assert.Equal("550", Code(client.Say("RCPT TO: <nobody@example.org>\r\n")));
        Assert.Equal("250", Code(client.Say("RSET\r\n")));
        Assert.Equal("250", Code(client.Say("MAIL FROM: <alice@example.org>\r\n")));
        Assert.Equal("250", Code(client.Say("RCPT TO: <bob@example.org>\r\n")));
        Give(client, Message(_mark, "bob@example.org", "x"));
        Quit(client);
        _site.Server.Mailbox("bob").Await(_mark);
    }

    private static string Message(string subject, string to, string text) => $"""
        From: =?utf-8?B?{Base64("Microsoft Outlook")}?= <alice@example.org>
        To: <{to}>
        Subject: {subject}
        MIME-Version: 1.0
        Content-Type: text/html;
        	charset="utf-8"
        Content-Transfer-Encoding: 8bit

        <!DOCTYPE HTML><HTML><BODY>This is an e-mail message sent automatically while testing the settings for your account. {text}</BODY></HTML>

        """;

    /// <summary>From the first byte to the answer to the hello that counts.</summary>
    private SmtpOverTls Begin(int port, string name, out string offered)
    {
        var client = new SmtpOverTls(port == 465 ? _site.Submissions : _site.Submission);
        if (port == 465)
        {
            client.Begin();
            Assert.Equal("220", Code(client.Reply()));
        }
        else
        {
            Assert.Equal("220", Code(client.Reply()));
            var inTheClear = client.Say($"EHLO {name}\r\n");
            Assert.Contains("250-STARTTLS\r\n", inTheClear, StringComparison.Ordinal);
            Assert.DoesNotContain("AUTH", inTheClear, StringComparison.Ordinal);
            Assert.Equal("220", Code(client.Say("STARTTLS\r\n")));
            client.Begin();
        }

        offered = client.Say($"EHLO {name}\r\n");
        Assert.Equal("250", Code(offered));
        foreach (var extension in new[] { "SIZE ", "8BITMIME\r\n" })
        {
            Assert.Contains("250-" + extension, offered, StringComparison.Ordinal);
        }

        return client;
    }

    private static void LogIn(SmtpOverTls client, bool hasName)
    {
        var user = Base64("alice@example.org");
        if (hasName)
        {
            Assert.Equal("334 UGFzc3dvcmQ6\r\n", client.Say($"AUTH LOGIN {user}\r\n"));
        }
        else
        {
            Assert.Equal("334 VXNlcm5hbWU6\r\n", client.Say("AUTH LOGIN\r\n"));
            Assert.Equal("334 UGFzc3dvcmQ6\r\n", client.Say(user + "\r\n"));
        }

        Assert.Equal("235", Code(client.Say(Base64(Password) + "\r\n")));
    }

    private static void Give(SmtpOverTls client, string content)
    {
        Assert.Equal("354", Code(client.Say("DATA\r\n")));
        client.Write(Wire(content).Replace("\r\n.", "\r\n..", StringComparison.Ordinal));
        Assert.Equal("250", Code(client.Say(".\r\n")));
    }

    private static void Quit(SmtpOverTls client)
    {
        Assert.Equal("221", Code(client.Say("QUIT\r\n")));
        Assert.Equal("", client.Rest());
    }

    private static bool Offers(string hello, string mechanism) => hello.Split("\r\n").Single(line => line.StartsWith("250-AUTH ", StringComparison.Ordinal)).Split(' ').Contains(mechanism);

    private static string Code(string reply) => reply[..Math.Min(3, reply.Length)];

    // A character for each octet, as the client has it.
    private static string Wire(string content) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
