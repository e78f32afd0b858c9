using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Mail that requires TLS (RFC 8689) from one whole server to the next and the one after: passed on where that is promised, and sent back where it is not.</summary>
public sealed class RequireTlsTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _mark = Samples.Mark();
    private readonly PosternServer _plain;
    private readonly PosternServer _far;
    private readonly PosternServer _near;

    public RequireTlsTests()
    {
        TlsSite.MakeWhole(_scratch, "localhost");
        // At both addresses of the name: one that does not answer might have TLS, and the mail would wait for it.
        var port = LoopbackPort.Free();
        _plain = PosternServer.Start(new PosternConfiguration
        {
            Domain = "example.com",
            Port = port,
            Users = ["carol@example.com"],
            More = $"[[listen]]\naddress = \"[::1]:{port}\"\n[tls]\nenabled = false\n",
        });
        _far = PosternServer.Start(new PosternConfiguration
        {
            Domain = "example.net",
            Users = ["bob@example.net"],
            Aliases = "\"carol@example.net\" = \"carol@example.com\"",
            Routes = $"\"example.com\" = \"localhost:{_plain.Port}\"",
            More = $"[[certificate]]\nchain = \"{_scratch["localhost.pem"]}\"\n",
        });
        _near = PosternServer.Start(new PosternConfiguration
        {
            Routes = $"\"example.net\" = \"localhost:{_far.Port}\"\n\"example.com\" = \"localhost:{_plain.Port}\"",
            More = $"[[certificate]]\nchain = \"{_scratch["localhost.pem"]}\"\n[remote]\nauthorities = \"{_scratch["localhost.pem"]}\"\n[outbound_tls]\n\"example.net\" = \"opportunistic\"\n\"localhost\" = \"opportunistic\"\n",
        });
    }

    public void Dispose()
    {
        foreach (var server in new[] { _near, _far, _plain })
        {
            Assert.Equal((1, 1, 0), (server.StartsOf("remote"), server.StartsOf("queue"), server.Stop()));
        }

        _near.Dispose();
        _far.Dispose();
        _plain.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void ServerThatPromisesIt_GetsTheMail()
    {
        Assert.StartsWith("250", Send(" REQUIRETLS", "", "bob@example.net"), StringComparison.Ordinal);
        Assert.Contains("with ESMTPS\n", _far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        _near.AwaitLog(line => line.Contains(" remote tls host=", StringComparison.Ordinal) && line.Contains("known=authority", StringComparison.Ordinal), "known=authority");
    }

    // The sender is the far server's, so that the notification ends there.
    [Theory]
    // Straight to a server without TLS; and by a server with it, which was told that it is required.
    [InlineData("carol@example.com", true)]
    [InlineData("carol@example.net", false)]
    public void ServerThatDoesNot_GetsNothing_AndTheSenderHearsWhy(string recipient, bool isStraight)
    {
        Assert.StartsWith("250", Send(" REQUIRETLS RET=FULL", "", recipient), StringComparison.Ordinal);
        var notice = _far.Mailbox("bob").Await("Action: failed\n").Text;
        Assert.Contains("Status: 5.7.10\n", notice, StringComparison.Ordinal);
        Assert.Contains($"Subject: {_mark}\n", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("the secret", notice, StringComparison.Ordinal);
        Assert.Contains(isStraight ? "with ESMTPS" : "does not offer STARTTLS", notice, StringComparison.Ordinal);
        Assert.Equal(0, _plain.Mailbox("carol").Count);
    }

    [Fact]
    public void MessageThatAsksForNothing_GoesInTheClear()
    {
        Assert.StartsWith("250", Send("", "TLS-Required: No\r\n", "carol@example.net"), StringComparison.Ordinal);
        Assert.Contains("with ESMTP\n", _plain.Mailbox("carol").Await(_mark).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OutsideOfTls_ItIsRefused()
    {
        using var client = new SmtpOverTls(_near.Port);
        client.Reply();
        Assert.DoesNotContain("REQUIRETLS", client.Say("EHLO client.example\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.10", client.Say("MAIL FROM:<bob@example.net> REQUIRETLS\r\n"), StringComparison.Ordinal);
    }

    private string Send(string parameters, string header, string recipient)
    {
        using var client = SmtpOverTls.Secured(_near.Port, "localhost");
        Assert.StartsWith("250", client.Say($"MAIL FROM:<bob@example.net>{parameters}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Say($"RCPT TO:<{recipient}>\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("354", client.Say("DATA\r\n"), StringComparison.Ordinal);
        return client.Say($"{header}Subject: {_mark}\r\n\r\nthe secret\r\n.\r\n");
    }
}
