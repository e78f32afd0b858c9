using Postern.TestKit.Dns;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>A whole server, behind its walls, that has its certificate made by an authority (RFC 8555): pebble, and authorities that won't.</summary>
public sealed class AcmeTests : IDisposable
{
    private const string Name = "mx.example.org";

    private readonly int _http = LoopbackPort.Free();
    private readonly Dictionary<string, string[]> _zone = new()
    {
        [PebblePeer.Host + " A"] = ["127.0.0.1"],
        [Name + " A"] = ["127.0.0.1"],
        ["mail.example.org A"] = ["127.0.0.1"],
    };

    private readonly Stack<IDisposable> _running = new();

    public void Dispose()
    {
        foreach (var one in _running)
        {
            one.Dispose();
        }
    }

    // Two of five nonces are refused, as any server may (RFC 8555 §6.5).
    [Theory]
    [InlineData("", new[] { Name })]
    [InlineData("names = [\"mx.example.org\", \"mail.example.org\"]\n", new[] { Name, "mail.example.org" })]
    public void Certificate_IsMade_AndShownToClientsAtOnce(string more, string[] wanted)
    {
        var names = Keep(new FakeNameServer(_zone));
        var authority = Keep(new PebblePeer(names.EndPoint, _http, badNonces: 40));
        using var server = PosternServer.Start(Configuration(authority, names, more));
        AwaitCertificate(server);
        var shown = Shown(server);
        Assert.Contains("Pebble Intermediate CA", shown, StringComparison.Ordinal);
        Assert.All(wanted, name => Assert.Contains("DNS:" + name, shown, StringComparison.Ordinal));
        Assert.All(["tls", "acme", "smtpd"], program => Assert.Equal(1, server.StartsOf(program)));

        // What was made is there after a restart, and nobody is asked again.
        authority.Dispose();
        server.Restart();
        server.AwaitLog(line => line.Contains(" acme acme-rests due_seconds=", StringComparison.Ordinal), "acme-rests");
        Assert.Equal(shown, Shown(server));
        Assert.DoesNotContain(server.Log, line => line.Contains(" acme acme-issued", StringComparison.Ordinal) || line.Contains(" acme acme-failed", StringComparison.Ordinal));
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void Keys_AreInTheFolderOfTheProgramThatMayReadThem()
    {
        var names = Keep(new FakeNameServer(_zone));
        var authority = Keep(new PebblePeer(names.EndPoint, _http));
        using var server = PosternServer.Start(Configuration(authority, names));
        AwaitCertificate(server);
        var folder = Path.Join(server.State, "tls");
        Assert.Equal(["account.pem", "certificate.pem"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(2, Directory.GetFiles(folder).Sum(file => File.ReadAllText(file).Split("PRIVATE KEY-----\n").Length / 2));
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void NameThatLeadsElsewhere_GetsNoCertificate_AndMailGoesOn()
    {
        _zone.Remove(Name + " A");
        var names = Keep(new FakeNameServer(_zone));
        var authority = Keep(new PebblePeer(names.EndPoint, _http));
        using var server = PosternServer.Start(Configuration(authority, names));
        server.AwaitLog(
            line => line.Contains("acme-failed reason=\"the authority does not believe that mx.example.org is ours: ", StringComparison.Ordinal) && line.Contains("retry_seconds=900", StringComparison.Ordinal),
            "acme-failed");
        Assert.DoesNotContain("Pebble", Shown(server), StringComparison.Ordinal);
        using var client = SmtpOverTls.Secured(server.Port);
        Assert.StartsWith("250", client.Send(Samples.Mark()), StringComparison.Ordinal);
        Assert.Equal(0, server.Stop());
    }

    [Theory]
    // Nobody who is trusted vouches for its server.
    [InlineData(true, "ca.example.net can't show that it is the right server")]
    // It is not there.
    [InlineData(false, "no connection to ca.example.net [127.0.0.1]")]
    public void AuthorityThatIsNotTheRightOne_IsToldNothing(bool isThere, string reason)
    {
        var names = Keep(new FakeNameServer(_zone));
        var authority = Keep(new PebblePeer(names.EndPoint, _http));
        var trusted = isThere ? "/etc/ssl/certs/ca-certificates.crt" : authority.Authorities;
        if (!isThere)
        {
            authority.Dispose();
        }

        using var server = PosternServer.Start(Configuration(authority, names, "", trusted));
        server.AwaitLog(line => line.Contains($"acme-failed reason=\"{reason}", StringComparison.Ordinal), reason);
        Assert.DoesNotContain("POST ", authority.Said, StringComparison.Ordinal);
        Assert.Equal(0, server.Stop());
    }

    private PosternConfiguration Configuration(PebblePeer authority, FakeNameServer names, string more = "", string? trusted = null) => new()
    {
        More = $"""
            [tls]
            acme = true
            [acme]
            directory = "{authority.Directory}"
            contact = "postmaster@example.org"
            listen = "127.0.0.1:{_http}"
            {more}
            [dns]
            resolvers = ["{names.EndPoint}"]
            [remote]
            authorities = "{trusted ?? authority.Authorities}"
            """,
    };

    private T Keep<T>(T one)
        where T : IDisposable
    {
        _running.Push(one);
        return one;
    }

    private static void AwaitCertificate(PosternServer server) =>
        server.AwaitLog(line => line.Contains(" acme acme-issued", StringComparison.Ordinal), "acme-issued");

    /// <summary>What a client is shown.</summary>
    private static string Shown(PosternServer server)
    {
        var said = TlsSite.OpenSsl(["s_client", "-connect", $"127.0.0.1:{server.Port}", "-starttls", "smtp", "-servername", Name], "QUIT\r\n");
        return TlsSite.OpenSsl(["x509", "-noout", "-issuer", "-ext", "subjectAltName", "-fingerprint", "-sha256"], said.Output).MustSucceed().Output;
    }
}
