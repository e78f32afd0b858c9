using System.Net;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Postern.Sasl.Tests;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Users who log in to hand in mail, by clients of others, through the whole server behind its walls.</summary>
public sealed class SubmissionTests : IDisposable
{
    private const string Password = "correct horse";

    private const string Script = """
        import smtplib, ssl, sys
        port, first, ca, user, password, mechanism, sender, author, mark = int(sys.argv[1]), sys.argv[2] == 'first', *sys.argv[3:]
        context = ssl._create_unverified_context(cafile=ca)
        client = smtplib.SMTP_SSL('127.0.0.1', port, context=context) if first else smtplib.SMTP('127.0.0.1', port)
        client.ehlo()
        if not first:
            client.starttls(context=context)
            client.ehlo()
        client.user, client.password = user, password
        try:
            client.auth(mechanism, getattr(client, 'auth_' + mechanism.lower()))
            client.sendmail(sender, ['bob@example.org'], 'From: ' + author + '\r\nSubject: ' + mark + '\r\n\r\nx\r\n')
            print('sent')
        except smtplib.SMTPResponseException as refused:
            print(refused.smtp_code)
        except smtplib.SMTPSenderRefused as refused:
            print(refused.smtp_code)
        """;

    private readonly TlsSite _site = new() { Top = "trusted = [\"192.0.2.1\"]", Aliases = "\"info@example.org\" = [\"alice@example.org\"]" };
    private readonly string _mark = Samples.Mark();

    public SubmissionTests() => _site.Server.Postern(["user", "add", "alice@example.org"], Password + "\n").MustSucceed();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("first", "PLAIN")]
    [InlineData("first", "LOGIN")]
    [InlineData("later", "PLAIN")]
    [InlineData("later", "LOGIN")]
    public void Python_LogsInAndSends(string tls, string mechanism)
    {
        Assert.Equal("sent", Python(tls, mechanism, Password, "alice@example.org"));
        var arrived = _site.Server.Mailbox("bob").Await(_mark).Text;
        Assert.Contains("with ESMTPSA\n", arrived, StringComparison.Ordinal);
        Assert.DoesNotContain(_site.Server.Log, line => line.Contains(Password, StringComparison.Ordinal) || line.Contains(Base64(Password), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("info@example.org", "sent")]
    [InlineData("alice+shop@example.org", "sent")]
    [InlineData("bob@example.org", "553")]
    [InlineData("alice@elsewhere.example", "553")]
    public void Sender_HasToBeHers(string sender, string outcome) => Assert.Equal(outcome, Python("first", "PLAIN", Password, sender));

    [Theory]
    [InlineData("Info <info@example.org>", "sent")]
    [InlineData("alice@example.org, Bob <bob@example.org>", "550")]
    [InlineData("\"alice@example.org\" <ceo@elsewhere.example>", "550")]
    [InlineData("Friends: alice@example.org;", "550")]
    public void Author_HasToBeHers(string author, string outcome)
    {
        Assert.Equal(outcome, Python("first", "PLAIN", Password, "alice@example.org", author));
        if (outcome == "550") return;
        var arrived = _site.Server.Mailbox("bob").Await(_mark).Text;
        Assert.Matches($"\nFrom: Info <info@example[.]org>\nSubject: {_mark}\nDate: [^\n]+ [+]0000\nMessage-ID: <[0-9a-z]{{13}}[.][0-9]+@[a-z.]+>\n\nx\n", arrived);
    }

    [Fact]
    public void WrongPassword_IsRefusedAndKept()
    {
        Assert.Equal("535", Python("first", "PLAIN", "wrong", "alice@example.org"));
        var kept = _site.Server.Postern(["user", "logins", "alice@example.org"]).MustSucceed().Output;
        Assert.Matches("^[0-9-]+ [0-9:]+ UTC  refused +submissions +PLAIN +127[.]0[.]0[.]1\n$", kept);
    }

    [Fact]
    public void PasswordThatIsChanged_CountsAtOnce()
    {
        _site.Server.Postern(["user", "passwd", "alice@example.org"], "another\n").MustSucceed();
        Assert.Equal("535", Python("first", "PLAIN", Password, "alice@example.org"));
        Assert.Equal("sent", Python("first", "PLAIN", "another", "alice@example.org"));
        var app = _site.Server.Postern(["user", "passwd", "alice@example.org", "--app", "phone"]).MustSucceed().Output.Trim().Split(' ')[^1];
        Assert.Equal("sent", Python("first", "PLAIN", app, "alice@example.org"));
        _site.Server.Postern(["user", "remove", "alice@example.org"]).MustSucceed();
        Assert.Equal("535", Python("first", "PLAIN", "another", "alice@example.org"));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("login")]
    [InlineData("scram-sha-256")]
    public void Msmtp_LogsInAndSends(string mechanism)
    {
        var message = Encoding.ASCII.GetBytes($"From: alice@example.org\nSubject: {_mark}\n\nx\n");
        Tool.Run(
            Requirement.Peer("msmtp"),
            [
                "--file=/dev/null", "--host=127.0.0.1", $"--port={_site.Submissions}", "--tls=on", "--tls-starttls=off", "--tls-certcheck=off", "--auth=" + mechanism,
                "--user=alice@example.org", $"--passwordeval=printf '{Password}'", "--from=alice@example.org", "--domain=client.example", "bob@example.org",
            ],
            message).MustSucceed();
        Assert.Contains("with ESMTPSA\n", _site.Server.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        var kept = _site.Server.Postern(["--json", "user", "logins", "alice@example.org"]).MustSucceed().Output;
        Assert.Contains($"\"{mechanism.ToUpperInvariant()}\"", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public void MailKit_LogsInAndSends(string mechanism)
    {
        var credentials = new NetworkCredential("alice@example.org", Password);
        using var client = new SmtpClient();
#pragma warning disable CA5359 // Whose the certificate is, other tests say.
        client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        client.Connect("127.0.0.1", _site.Submissions, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
        client.Authenticate(
            mechanism switch
            {
                "PLAIN" => new SaslMechanismPlain(credentials),
                "LOGIN" => new SaslMechanismLogin(credentials),
                "SCRAM-SHA-256" => new SaslMechanismScramSha256(credentials),
                _ => new SaslMechanismScramSha256Plus(credentials),
            },
            TestContext.Current.CancellationToken);
        using var message = new MimeMessage([new MailboxAddress("", "alice@example.org")], [new MailboxAddress("", "bob@example.org")], _mark, new TextPart("plain") { Text = "x" });
        client.Send(message, TestContext.Current.CancellationToken);
        Assert.Contains("with ESMTPSA\n", _site.Server.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        Assert.Contains($"\"{mechanism}\"", _site.Server.Postern(["--json", "user", "logins", "alice@example.org"]).MustSucceed().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256", "n,,", true)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", true)]
    // A client that could bind and was told that the server can't: somebody changed the list on its way.
    [InlineData("SCRAM-SHA-256", "y,,", false)]
    public void Scram_ShowsBothSidesOverTheRealThing(string mechanism, string head, bool isGood)
    {
        using var client = SmtpOverTls.Secured(_site.Submission);
        var scram = new ScramClient("alice@example.org", Password, head, head[0] == 'p' ? Convert.FromHexString(client.Certificate) : null);
        var first = client.Say($"AUTH {mechanism} {Base64(scram.First)}\r\n");
        if (!isGood)
        {
            Assert.StartsWith("535", first, StringComparison.Ordinal);
            return;
        }

        var farewell = client.Say(Base64(scram.Final(Challenge(first))) + "\r\n");
        Assert.Equal(scram.Farewell, Challenge(farewell));
        Assert.StartsWith("235", client.Say("\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Send(_mark), StringComparison.Ordinal);
    }

    [Fact]
    public void BindingToAnotherConnection_IsRefused()
    {
        using var client = SmtpOverTls.Secured(_site.Submission);
        var other = Convert.FromHexString(_site.Fingerprint("second"));
        var scram = new ScramClient("alice@example.org", Password, "p=tls-server-end-point,,", other);
        var first = client.Say($"AUTH SCRAM-SHA-256-PLUS {Base64(scram.First)}\r\n");
        Assert.StartsWith("535", client.Say(Base64(scram.Final(Challenge(first))) + "\r\n"), StringComparison.Ordinal);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Challenge(string reply)
    {
        Assert.StartsWith("334 ", reply, StringComparison.Ordinal);
        return Encoding.UTF8.GetString(Convert.FromBase64String(reply[4..].TrimEnd()));
    }

    private string Python(string tls, string mechanism, string password, string sender, string? author = null) => Tool.Run(
        Requirement.Peer("python3"),
        ["-c", Script, $"{(tls == "first" ? _site.Submissions : _site.Submission)}", tls, _site["mx.crt"], "alice@example.org", password, mechanism, sender, author ?? sender, _mark])
        .MustSucceed().Output.Trim();
}
