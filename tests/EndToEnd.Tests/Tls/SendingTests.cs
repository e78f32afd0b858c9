using System.Text.RegularExpressions;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>One server for the tests that do not disturb each other.</summary>
public sealed class TlsFixture : IDisposable
{
    internal TlsSite Site { get; } = new("client_certificates = true");

    public void Dispose() => Site.Dispose();
}

/// <summary>Mail that comes over TLS through the whole server, behind its walls.</summary>
public sealed class SendingTests(TlsFixture fixture) : IClassFixture<TlsFixture>
{
    private const string Script = """
        import smtplib, ssl, sys
        port, first, ca, mark = int(sys.argv[1]), sys.argv[2] == 'first', sys.argv[3], sys.argv[4]
        context = ssl.create_default_context(cafile=ca)
        context.check_hostname = True
        class Here:
            pass
        if first:
            client = smtplib.SMTP_SSL('mx.example.org', port, context=context)
        else:
            client = smtplib.SMTP('mx.example.org', port)
            client.ehlo()
            client.starttls(context=context)
        client.sendmail('alice@example.org', ['bob@example.org'], 'Subject: ' + mark + '\r\n\r\n' + 'x' * 70 + '\r\n')
        client.quit()
        """;

    private readonly string _mark = Samples.Mark();

    private TlsSite Site => fixture.Site;

    /// <summary>The ports by what is spoken there.</summary>
    internal int PortOf(string service) => service switch { "smtp" => Site.Port, "submission" => Site.Submission, _ => Site.Submissions };

    [Theory]
    [InlineData("smtp")]
    [InlineData("submission")]
    [InlineData("submissions")]
    public void Python_TrustsTheCertificateAndSends(string service)
    {
        var port = PortOf(service);
        // The name is looked up by nobody: what Python connects to is told to it.
        var here = "import socket; real = socket.create_connection; socket.create_connection = lambda address, *rest, **more: real(('127.0.0.1', address[1]), *rest, **more)\n";
        Tool.Run(Requirement.Peer("python3"), ["-c", here + Script, $"{port}", service == "submissions" ? "first" : "later", Site["mx.crt"], _mark]).MustSucceed();
        var arrived = Site.Server.Mailbox("bob").Await(_mark).Text;
        Assert.Matches(new Regex(@"^Received: [^\n]*(\n[ \t][^\n]*)*with ESMTPS\b", RegexOptions.Multiline), arrived);
        Assert.Matches(new Regex(@"^\ttls TLS_[A-Z0-9_]+;", RegexOptions.Multiline), arrived);
    }

    [Fact]
    public void MailInTheClear_DoesNotClaimTls()
    {
        using var client = TestKit.Clients.PlainSmtpClient.Greeted(Site.Port);
        client.SendByData("alice@example.org", Samples.Bob, Samples.Message(_mark)).Must(2);
        var arrived = Site.Server.Mailbox("bob").Await(_mark).Text;
        Assert.Contains("with ESMTP\n", arrived, StringComparison.Ordinal);
        Assert.DoesNotContain("\ttls ", arrived, StringComparison.Ordinal);
    }

    [Fact]
    public void MegabytesOverTls_ArriveAsTheyWere()
    {
        var sent = Samples.DifficultMessage(_mark);
        using var client = SmtpOverTls.Secured(Site.Submission);
        Assert.StartsWith("250", client.Say("MAIL FROM:<alice@example.org> BODY=8BITMIME\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Say("RCPT TO:<bob@example.org>\r\n"), StringComparison.Ordinal);
        client.Write($"BDAT {sent.Length} LAST\r\n");
        Assert.StartsWith("250", client.Say(System.Text.Encoding.Latin1.GetString(sent)), StringComparison.Ordinal);
        Site.Server.Mailbox("bob").Await(_mark).MustBe(sent);
    }

    [Theory]
    [InlineData("mx.example.org", "mx")]
    [InlineData("mail.example.org", "mx")]
    [InlineData("second.example.org", "second")]
    [InlineData("a.lists.example.org", "second")]
    [InlineData("unknown.example.org", "mx")]
    public void TheCertificate_IsThatOfTheNameOrTheFirst(string name, string file)
    {
        using var client = SmtpOverTls.Secured(Site.Port, name);
        Assert.Equal(Site.Fingerprint(file), client.Certificate);
    }

    /// <summary>What OpenSSL's own client may ask for.</summary>
    public static IEnumerable<TheoryDataRow<string, string, string>> Matrix =>
        from service in new[] { "smtp", "submission", "submissions" }
        from row in new[]
        {
            ("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", "TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256"),
            ("-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384", "TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384"),
            ("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3, Cipher is TLS_CHACHA20_POLY1305_SHA256"),
            ("-tls1_3 -groups X25519", "TLSv1.3, Cipher is"),
            ("-tls1_3 -groups P-384", "TLSv1.3, Cipher is"),
            ("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2, Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"),
            ("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", "TLSv1.2, Cipher is ECDHE-ECDSA-CHACHA20-POLY1305"),
            ("-noservername", "TLSv1.3, Cipher is"),
        }
        select new TheoryDataRow<string, string, string>(service, row.Item1, row.Item2);

    [Theory]
    [MemberData(nameof(Matrix))]
    public void WhatIsOffered_IsAgreed(string service, string options, string said)
    {
        var result = Site.Client(PortOf(service), options.Split(' '));
        Assert.Contains("New, " + said, result.Output, StringComparison.Ordinal);
        Assert.Contains("Compression: NONE", result.Output, StringComparison.Ordinal);
    }
}
