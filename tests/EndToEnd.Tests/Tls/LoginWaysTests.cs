using System.Net;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Users who log in by a certificate, a token, or a password that Dovecot judges, through the whole server behind its walls.</summary>
public sealed class LoginWaysTests
{
    private const string Script = """
        import smtplib, ssl, sys
        port, mechanism, certificate, key, mark = int(sys.argv[1]), *sys.argv[2:6]
        said = sys.argv[6].replace('^', '\x01')
        context = ssl._create_unverified_context()
        if certificate:
            context.load_cert_chain(certificate, key)
        client = smtplib.SMTP_SSL('127.0.0.1', port, context=context)
        client.ehlo()
        try:
            client.auth(mechanism, lambda challenge=None: said if challenge is None else '')
            client.sendmail('alice@example.org', ['bob@example.org'], 'From: alice@example.org\r\nSubject: ' + mark + '\r\n\r\nx\r\n')
            print('sent')
        except smtplib.SMTPResponseException as refused:
            print(refused.smtp_code)
        """;

    private readonly string _mark = Samples.Mark();

    [Fact]
    public void Certificate_LogsIn()
    {
        using var site = new TlsSite("client_certificates = true") { Top = "trusted = [\"192.0.2.1\"]" };
        site.Make("alice", "alice.example");
        site.Make("stranger", "stranger.example");
        site.Server.Postern(["user", "certificate", "add", "alice@example.org", site.Fingerprint("alice")]).MustSucceed();
        Assert.Equal("sent", Python(site, "EXTERNAL", "alice@example.org", "alice"));
        site.Server.Mailbox("bob").Await(_mark);
        Assert.Equal("535", Python(site, "EXTERNAL", "bob@example.org", "alice"));
        Assert.Equal("535", Python(site, "EXTERNAL", "alice@example.org", "stranger"));
        // Not offered, and not there.
        Assert.Equal("504", Python(site, "EXTERNAL", "alice@example.org"));
        Msmtp(site, "external", "--tls-cert-file=" + site["alice.crt"], "--tls-key-file=" + site["alice.key"]);
        var kept = site.Server.Postern(["user", "logins", "alice@example.org"]).MustSucceed().Output;
        Assert.Matches("logged-in +submissions +EXTERNAL +127[.]0[.]0[.]1 +certificate [0-9a-f]{16}\n", kept);
        site.Server.Postern(["user", "remove", "alice@example.org"]).MustSucceed();
        Assert.Equal("535", Python(site, "EXTERNAL", "alice@example.org", "alice"));
    }

    [Fact]
    public void Token_LogsIn()
    {
        using var keys = new Scratch();
        keys.Write("keys.json", TokenIssuer.Keys);
        using var site = new TlsSite
        {
            Top = "trusted = [\"192.0.2.1\"]",
            More = TokenIssuer.Section(keys["keys.json"]),
        };
        Assert.Equal("sent", Python(site, "XOAUTH2", $"user=alice@example.org^auth=Bearer {TokenIssuer.Token()}^^"));
        Assert.Equal("sent", Python(site, "OAUTHBEARER", $"n,a=alice@example.org,^host=mx.example.org^port=465^auth=Bearer {TokenIssuer.Token(rsa: true)}^^"));
        Assert.Equal("535", Python(site, "XOAUTH2", $"user=alice@example.org^auth=Bearer {TokenIssuer.Token(audience: "other")}^^"));
        Assert.Equal("535", Python(site, "OAUTHBEARER", $"n,,^auth=Bearer {TokenIssuer.Token()[..^4]}AAAA^^"));
        Msmtp(site, "oauthbearer", $"--passwordeval=printf %s {TokenIssuer.Token()}");
        Msmtp(site, "xoauth2", $"--passwordeval=printf %s {TokenIssuer.Token(rsa: true)}");
        MailKit(site, new SaslMechanismOAuthBearer("alice@example.org", TokenIssuer.Token()));
        MailKit(site, new SaslMechanismOAuth2("alice@example.org", TokenIssuer.Token(rsa: true)));
        var kept = site.Server.Postern(["user", "logins", "alice@example.org"]).MustSucceed().Output;
        Assert.Equal(3, kept.Split('\n').Count(line => line.Contains("logged-in", StringComparison.Ordinal) && line.Contains(" OAUTHBEARER ", StringComparison.Ordinal)));
        Assert.Equal(3, kept.Split('\n').Count(line => line.Contains("logged-in", StringComparison.Ordinal) && line.Contains(" XOAUTH2 ", StringComparison.Ordinal)));
        Assert.DoesNotContain(site.Server.Log, line => line.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public void PasswordThatDovecotKnows_LogsIn()
    {
        using var dovecot = DovecotPeer.ForLogins(("alice@example.org", "correct horse"));
        using var site = new TlsSite { Top = "trusted = [\"192.0.2.1\"]", More = $"[logins]\npasswords = \"dovecot:{dovecot.Socket}\"" };
        Assert.Equal("sent", Python(site, "PLAIN", "\0alice@example.org\0correct horse"));
        Assert.Equal("535", Python(site, "PLAIN", "\0alice@example.org\0wrong"));
        Assert.Equal("535", Python(site, "PLAIN", "\0nobody@example.org\0correct horse"));
        Msmtp(site, "login", "--passwordeval=printf 'correct horse'");
        MailKit(site, new SaslMechanismPlain(new NetworkCredential("alice@example.org", "correct horse")));
        Assert.Equal("504", Python(site, "SCRAM-SHA-256", "n,,n=alice@example.org,r=x"));
        dovecot.Stop();
        Assert.Equal("454", Python(site, "PLAIN", "\0alice@example.org\0correct horse"));
        Assert.Contains(site.Server.Log, line => line.Contains("passwords-unavailable", StringComparison.Ordinal));
        Assert.DoesNotContain(site.Server.Log, line => line.Contains("correct horse", StringComparison.Ordinal));
    }

    private string Python(TlsSite site, string mechanism, string said, string certificate = "") => Tool.Run(
        Requirement.Peer("python3"),
        [
            "-c", Script.Replace("sys.argv[6]", "sys.argv[6].replace('~', chr(0))", StringComparison.Ordinal), $"{site.Submissions}", mechanism,
            certificate.Length == 0 ? "" : site[certificate + ".crt"], certificate.Length == 0 ? "" : site[certificate + ".key"], _mark, said.Replace('\0', '~'),
        ]).MustSucceed().Output.Trim();

    private void Msmtp(TlsSite site, string mechanism, params string[] more)
    {
        var mark = Samples.Mark();
        Tool.Run(
            Requirement.Peer("msmtp"),
            [
                "--file=/dev/null", "--host=127.0.0.1", $"--port={site.Submissions}", "--tls=on", "--tls-starttls=off", "--tls-certcheck=off", "--auth=" + mechanism,
                "--user=alice@example.org", "--from=alice@example.org", "--domain=client.example", .. more, "bob@example.org",
            ],
            Encoding.ASCII.GetBytes($"From: alice@example.org\nSubject: {mark}\n\nx\n")).MustSucceed();
        Assert.Contains("with ESMTPSA\n", site.Server.Mailbox("bob").Await(mark).Text, StringComparison.Ordinal);
    }

    private static void MailKit(TlsSite site, SaslMechanism mechanism)
    {
        var mark = Samples.Mark();
        using var client = new SmtpClient();
#pragma warning disable CA5359 // Whose the certificate is, other tests say.
        client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        client.Connect("127.0.0.1", site.Submissions, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
        client.Authenticate(mechanism, TestContext.Current.CancellationToken);
        using var message = new MimeMessage([new MailboxAddress("", "alice@example.org")], [new MailboxAddress("", "bob@example.org")], mark, new TextPart("plain") { Text = "x" });
        client.Send(message, TestContext.Current.CancellationToken);
        Assert.Contains("with ESMTPSA\n", site.Server.Mailbox("bob").Await(mark).Text, StringComparison.Ordinal);
    }
}
