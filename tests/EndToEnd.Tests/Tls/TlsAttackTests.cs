using Postern.TestKit;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Attacks on and by way of TLS (group C), against the whole server.</summary>
public sealed class TlsAttackTests(TlsFixture fixture) : IClassFixture<TlsFixture>, IDisposable
{
    private readonly string _mark = Samples.Mark();

    private TlsSite Site => fixture.Site;

    [Theory]
    [InlineData("RSET\r\n")]
    [InlineData("EHLO x\r\nMAIL FROM:<inj@f.test>\r\n")]
    [InlineData("MAIL FR")]
    [InlineData("\0")]
    public void BytesBehindStartTls_EndTheSession(string behind)
    {
        using var client = Plain();
        client.Write("STARTTLS\r\n" + behind);
        Assert.Matches("^554 5\\.5\\.0 [^\r]*\r\n$", client.Rest());
    }

    [Theory]
    [InlineData("RSET\r\n")]
    [InlineData("EHLO x\r\nMAIL FROM:<inj@f.test>\r\n")]
    // Half a command, the rest of which would come inside.
    [InlineData("MAIL FR")]
    public void BytesBeforeTheClientHello_AreNoCommands(string before)
    {
        using var client = Plain();
        Assert.StartsWith("220", client.Say("STARTTLS\r\n"), StringComparison.Ordinal);
        client.Write(before);
        // OpenSSL takes them for a record, and they are none: there is no session to hear them in.
        Assert.NotNull(Record.Exception(() => client.Begin()));
    }

    [Fact]
    public void WhatWasSaidInTheClear_IsForgotten()
    {
        using var client = new SmtpOverTls(Site.Port);
        client.Reply();
        client.Say("EHLO before.example\r\n");
        Assert.StartsWith("220", client.Say("STARTTLS\r\n"), StringComparison.Ordinal);
        client.Begin();
        Assert.StartsWith("503 ", client.Say("MAIL FROM:<alice@example.org>\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Say("EHLO inside.example\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Send(_mark), StringComparison.Ordinal);
        var arrived = Site.Server.Mailbox("bob").Await(_mark).Text;
        Assert.Contains("from inside.example", arrived, StringComparison.Ordinal);
        Assert.DoesNotContain("before.example", arrived, StringComparison.Ordinal);
    }

    [Fact]
    public void StartTlsOutOfPlace_IsRefused()
    {
        using var plain = Plain();
        Assert.StartsWith("501 ", plain.Say("STARTTLS x\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", plain.Say("MAIL FROM:<alice@example.org>\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("503 ", plain.Say("STARTTLS\r\n"), StringComparison.Ordinal);
        using var twice = SmtpOverTls.Secured(Site.Port);
        Assert.StartsWith("503 ", twice.Say("STARTTLS\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", twice.Send(_mark), StringComparison.Ordinal);
        using var first = new SmtpOverTls(Site.Submissions);
        first.Begin();
        first.Reply();
        Assert.DoesNotContain("STARTTLS", first.Say("EHLO client.example\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("503 ", first.Say("STARTTLS\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    [InlineData("-tls1_2 -cipher NULL@SECLEVEL=0")]
    [InlineData("-tls1_2 -cipher aNULL@SECLEVEL=0")]
    [InlineData("-tls1_2 -cipher kRSA@SECLEVEL=0")]
    [InlineData("-tls1_2 -cipher DHE@SECLEVEL=0")]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA@SECLEVEL=0")]
    [InlineData("-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256")]
    [InlineData("-tls1_3 -groups P-521")]
    public void OldAndWeakOffers_GetAnAlert(string options)
    {
        string[] all = [.. options.Split(' '), .. options.Contains("-cipher ", StringComparison.Ordinal) ? (string[])[] : ["-cipher", "ALL:@SECLEVEL=0"]];
        foreach (var port in new[] { Site.Port, Site.Submission, Site.Submissions })
        {
            var said = Site.Client(port, all);
            Assert.Contains("SSL alert number ", said.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("New, TLS", said.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Renegotiation_IsRefused()
    {
        // Its input stays open, so that it ends by the server's refusal or not at all.
        var said = Tool.Run("/bin/sh", ["-c",
            "mkfifo \"$0/f\" && { openssl s_client -tls1_2 -connect \"127.0.0.1:$1\" <\"$0/f\" 2>&1 & exec 3>\"$0/f\"; printf 'R\\n' >&3; wait; rm \"$0/f\"; }",
            Directory.CreateTempSubdirectory("pt-").FullName, $"{Site.Submissions}"]);
        Assert.Contains("RENEGOTIATING", said.Output, StringComparison.Ordinal);
        Assert.Contains(":no renegotiation:", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ADrippingHandshake_IsCutAtItsTime()
    {
        if (!LongForm.IsAsked)
        {
            Requirement.Skip("takes 30 seconds: ./test --long (Postern.Keyholder.Tests does it with a clock of its own)");
        }

        using var client = new SmtpOverTls(Site.Submissions);
        var closed = false;
        // A byte a second of a ClientHello: 60 would come, and none after the thirtieth second is waited for.
        for (var second = 0; second < 60 && !closed; second++)
        {
            closed = Record.Exception(() => client.Write(second == 0 ? "\u0016" : second is 1 or 2 ? "\u0003" : "\u0001")) is not null;
            Thread.Sleep(1000);
        }

        Assert.True(closed);
        Assert.Contains(Site.Server.Log, line => line.Contains("the handshake took too long", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(@"x\")]
    [InlineData("../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("%n%s")]
    [InlineData("*")]
    [InlineData(".lists.example.org")]
    [InlineData("$(id)")]
    public void OddNames_GetTheFirstCertificateAndReachNothing(string name)
    {
        var said = Site.Client(Site.Submissions, "-servername", name, "-showcerts");
        Assert.Contains("subject=CN = mx.example.org", said.Output, StringComparison.Ordinal);
        var longest = Site.Client(Site.Submissions, "-servername", new string('a', 255));
        Assert.Contains("subject=CN = mx.example.org", longest.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(200)]
    public void AClientsCertificateWithVeryManyNames_IsRefusedOrReadAndNothingElse(int names)
    {
        var file = Site[$"client{names}"];
        File.WriteAllText(file + ".cnf", "[req]\ndistinguished_name=dn\nx509_extensions=x\nprompt=no\n[dn]\nCN=client\n[x]\nsubjectAltName=@a\n[a]\n"
            + string.Concat(Enumerable.Range(0, names).Select(i => $"DNS.{i}=host-{i}.client.example\n")));
        TlsSite.OpenSsl(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", file + ".cnf", "-keyout", file + ".key", "-out", file + ".crt"])
            .MustSucceed();
        var before = Site.Server.Log.Count(IsRefused);
        // In TLS 1.3 the client is done before the server has read its certificate: 1.2 tells both apart.
        var said = Site.Client(Site.Submissions, "-tls1_2", "-cert", file + ".crt", "-key", file + ".key");
        if (names < 1000)
        {
            Assert.Contains("New, TLSv1.2", said.Output, StringComparison.Ordinal);
            Assert.Equal(before, Site.Server.Log.Count(IsRefused));
        }
        else
        {
            Patience.Until(() => Site.Server.Log.Count(IsRefused) > before, () => string.Join('\n', Site.Server.Log));
        }

        static bool IsRefused(string line) => line.Contains("handshake-failed", StringComparison.Ordinal) && line.Contains("excessive message size", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    public void ATicketOfOneService_OpensNoOther(string version)
    {
        var ticket = Site["ticket"];
        Assert.Contains("New, ", Site.Client(Site.Submission, version, "-sess_out", ticket).Output, StringComparison.Ordinal);
        Assert.Contains("Reused, ", Site.Client(Site.Submission, version, "-sess_in", ticket).Output, StringComparison.Ordinal);
        Assert.Contains("New, ", Site.Client(Site.Submissions, version, "-sess_in", ticket).Output, StringComparison.Ordinal);
        Assert.Contains("New, ", Site.Client(Site.Port, version, "-sess_in", ticket).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("ftp")]
    [InlineData("imap")]
    public void AnotherProtocol_GetsTheAlert(string protocol)
    {
        foreach (var port in new[] { Site.Port, Site.Submission, Site.Submissions })
        {
            Assert.Contains("alert no application protocol", Site.Client(port, "-alpn", protocol).Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n.")]
    [InlineData("\r\n.\r")]
    public void ContentThatIsCutOff_IsNotStored(string end)
    {
        using (var client = SmtpOverTls.Secured(Site.Port))
        {
            client.Say("MAIL FROM:<alice@example.org>\r\n");
            client.Say("RCPT TO:<bob@example.org>\r\n");
            Assert.StartsWith("354", client.Say("DATA\r\n"), StringComparison.Ordinal);
            client.Write($"Subject: {_mark}\r\n\r\nhalf of it" + end);
        }

        var after = Samples.Mark();
        using var other = SmtpOverTls.Secured(Site.Port);
        Assert.StartsWith("250", other.Send(after), StringComparison.Ordinal);
        var mailbox = Site.Server.Mailbox("bob");
        mailbox.Await(after);
        Assert.DoesNotContain(mailbox.Messages, message => message.Contains(_mark));
    }

    [Theory]
    [InlineData("EHLO again.example\r\nMAIL FROM:<alice@example.org>\r\n")]
    [InlineData("\u0015\u0003\u0001\0\u0002\u0002\u0028EHLO again.example\r\n")]
    public void AHandshakeThatFails_IsNotFollowedByWordsInTheClear(string instead)
    {
        using var client = Plain();
        Assert.StartsWith("220", client.Say("STARTTLS\r\n"), StringComparison.Ordinal);
        client.Write(instead);
        var rest = client.Rest();
        // An alert at the most.
        Assert.True(rest.Length is 0 or 7, rest);
        Assert.DoesNotContain("250", rest, StringComparison.Ordinal);
    }

    public void Dispose() => Site.DemandService();

    private SmtpOverTls Plain()
    {
        var client = new SmtpOverTls(Site.Port);
        client.Reply();
        Assert.StartsWith("250", client.Say("EHLO client.example\r\n"), StringComparison.Ordinal);
        return client;
    }
}
