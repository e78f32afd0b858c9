using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>A server with certificates of its own, on three ports: SMTP and submission with STARTTLS, submission over TLS.</summary>
internal sealed class TlsSite : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Lazy<PosternServer> _server;
    private readonly string _tls;
    private readonly int _submission = LoopbackPort.Free();
    private readonly int _submissions = LoopbackPort.Free();

    /// <param name="tls">Lines of [tls].</param>
    internal TlsSite(string tls = "")
    {
        _tls = tls;
        Make("mx", "mx.example.org", "mail.example.org");
        Make("second", "second.example.org", "*.lists.example.org");
        _server = new Lazy<PosternServer>(() => PosternServer.Start(Configuration));
    }

    /// <summary>Lines at the top of the configuration.</summary>
    internal string Top { get; init; } = "";

    /// <summary>Lines of [aliases].</summary>
    internal string Aliases { get; init; } = "";

    /// <summary>Whole sections to add.</summary>
    internal string More { get; init; } = "";

    internal PosternServer Server => _server.Value;

    /// <summary>STARTTLS, for everybody.</summary>
    internal int Port => Server.Port;

    /// <summary>STARTTLS, for those who submit.</summary>
    internal int Submission => Running(_submission);

    /// <summary>TLS from the first byte.</summary>
    internal int Submissions => Running(_submissions);

    internal string this[string name] => _scratch[name];

    internal PosternConfiguration Configuration => new()
    {
        Top = Top,
        Aliases = Aliases,
        More = $"""
            [[listen]]
            address = "127.0.0.1:{_submission}"
            service = "submission"
            [[listen]]
            address = "127.0.0.1:{_submissions}"
            service = "submissions"
            [tls]
            {_tls}
            [[certificate]]
            chain = "{_scratch["mx.crt"]}"
            key = "{_scratch["mx.key"]}"
            [[certificate]]
            chain = "{_scratch["second.crt"]}"
            key = "{_scratch["second.key"]}"
            {More}
            """,
    };

    /// <summary>Makes a certificate as an administrator does, in the place of one that is there; returns its fingerprint.</summary>
    internal string Make(string file, params string[] names)
    {
        var (chain, key) = (_scratch[file + ".crt"], _scratch[file + ".key"]);
        var made = _scratch["made"];
        OpenSsl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=" + names[0],
            "-addext", "subjectAltName=" + string.Join(',', names.Select(name => "DNS:" + name)), "-keyout", made + ".key", "-out", made + ".crt"]);
        foreach (var part in new[] { made + ".crt", made + ".key" })
        {
            File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            if (Requirement.IsRoot)
            {
                Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", part]).MustSucceed();
            }
        }

        File.Move(made + ".key", key, overwrite: true);
        File.Move(made + ".crt", chain, overwrite: true);
        return Fingerprint(file);
    }

    /// <summary>Makes one for a server of a test that reads chain and key from one file, NAME.pem.</summary>
    internal static void MakeWhole(Scratch scratch, string name)
    {
        var (chain, key, both) = (scratch[name + ".crt"], scratch[name + ".key"], scratch[name + ".pem"]);
        OpenSsl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=" + name,
            "-addext", "subjectAltName=DNS:" + name, "-keyout", key, "-out", chain]).MustSucceed();
        File.WriteAllText(both, File.ReadAllText(chain) + File.ReadAllText(key));
        File.SetUnixFileMode(both, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", both]).MustSucceed();
        }
    }

    /// <summary>The SHA-256 of a certificate in a file.</summary>
    internal string Fingerprint(string file)
    {
        using var read = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(_scratch[file + ".crt"]);
        return read.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
    }

    internal static ToolResult OpenSsl(IEnumerable<string> arguments, string input = "") =>
        Tool.Run(Requirement.Peer("openssl"), arguments, System.Text.Encoding.Latin1.GetBytes(input));

    /// <summary>OpenSSL's own client at one of the ports.</summary>
    internal ToolResult Client(int port, params IEnumerable<string> options) => OpenSsl(
        ["s_client", "-connect", $"127.0.0.1:{port}", .. port == _submissions ? (string[])[] : ["-starttls", "smtp"], .. options]);

    /// <summary>A message goes in by STARTTLS and out into the mailbox, and no program was started anew.</summary>
    internal void DemandService()
    {
        var mark = Samples.Mark();
        using var client = SmtpOverTls.Secured(Port);
        Assert.StartsWith("250", client.Send(mark), StringComparison.Ordinal);
        Server.Mailbox("bob").Await(mark);
        Assert.All(["smtpd", "tls", "queue"], program => Assert.Equal(1, Server.StartsOf(program)));
        Assert.DoesNotContain(Server.Log, line => line.Contains("crashed", StringComparison.Ordinal));
    }

    private int Running(int port)
    {
        _ = Server;
        return port;
    }

    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            using var server = _server.Value;
            Assert.Equal(0, server.Stop());
        }

        _scratch.Dispose();
    }
}
