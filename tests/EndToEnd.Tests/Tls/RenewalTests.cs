using System.Globalization;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Certificates that are renewed, and files that can't be read.</summary>
public sealed class RenewalTests : IDisposable
{
    private readonly TlsSite _site = new();

    [Fact]
    public void AReload_BringsTheNewCertificateAndKeepsSessions()
    {
        var old = _site.Fingerprint("mx");
        using var before = SmtpOverTls.Secured(_site.Port);
        Assert.Equal(old, before.Certificate);
        var renewed = _site.Make("mx", "mx.example.org");
        _site.Server.Reload(_site.Configuration);
        Patience.Until(() => Shown() == renewed, () => string.Join('\n', _site.Server.Log));
        var mark = Samples.Mark();
        Assert.StartsWith("250", before.Send(mark), StringComparison.Ordinal);
        _site.Server.Mailbox("bob").Await(mark);
        _site.DemandService();
    }

    [Fact]
    public void AReloadWithAFileThatIsNone_KeepsTheOldCertificate()
    {
        var old = _site.Fingerprint("mx");
        Assert.Equal(old, Shown());
        File.WriteAllText(_site["mx.crt"], "nothing");
        _site.Server.Reload(_site.Configuration);
        _site.Server.AwaitLog(
            line => line.Contains("certificate-problem", StringComparison.Ordinal) && line.Contains(_site["mx.crt"], StringComparison.Ordinal)
                && line.Contains("the old certificates stay in force", StringComparison.Ordinal),
            "the problem with the file");
        Assert.Equal(old, Shown());
        _site.DemandService();
    }

    // The walls of the running program do not have the folder in them, so it is started anew: what it finds then must not end everybody's mail.
    [Fact]
    public void AReloadWithFilesThatAreNotThere_LeavesTheServerWithoutTlsUntilTheyAre()
    {
        var known = _site.Fingerprint("mx");
        File.Move(_site["mx.crt"], _site["away"]);
        using var server = PosternServer.Start();
        server.Reload(new PosternConfiguration { More = $"[[certificate]]\nchain = \"{_site["mx.crt"]}\"\nkey = \"{_site["mx.key"]}\"\n" });
        bool Failed(string line) => line.Contains("start-failed", StringComparison.Ordinal) && line.Contains(_site["mx.crt"], StringComparison.Ordinal);
        Patience.Until(() => server.Log.Count(Failed) >= 2, () => string.Join('\n', server.Log));
        // Fifteen in a row, as fast as they come, would be the end.
        DateTimeOffset[] times = [.. server.Log.Where(Failed).Select(line => DateTimeOffset.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.InRange(times[1] - times[0], TimeSpan.FromSeconds(5), TimeSpan.MaxValue);

        var mark = Samples.Mark();
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            client.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Must(2);
        }

        server.Mailbox("bob").Await(mark);
        File.Move(_site["away"], _site["mx.crt"]);
        server.AwaitLog(line => line.Contains($"certificate sha256={known}", StringComparison.Ordinal), "the certificate, once it is there");
        Patience.Until(() => server.PidOf("tls") is not null, () => string.Join('\n', server.Log));
        Assert.DoesNotContain(server.Log, line => line.Contains("giving-up", StringComparison.Ordinal));
        Assert.Equal(0, server.Stop());
    }

    [Theory]
    [InlineData("000", "can't be read by user ")]
    [InlineData("604", "holds a private key that every user can read")]
    public void AKeyThatCanNotBeUsed_IsNamedAndNothingStarts(string mode, string reason)
    {
        Tool.Run("chmod", [mode, _site["mx.key"]]).MustSucceed();
        var refused = Assert.ThrowsAny<Exception>(() => _site.Server);
        Assert.Contains($"{_site["mx.key"]} {reason}", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _site.Dispose();

    private string Shown()
    {
        using var client = SmtpOverTls.Secured(_site.Port);
        return client.Certificate;
    }
}
