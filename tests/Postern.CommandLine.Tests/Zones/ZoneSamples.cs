using Postern.CommandLine.Tests.Commands;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.CommandLine.Tests.Zones;

/// <summary>A server for example.org with two certificates, in a folder of its own, as the slices of its programs.</summary>
internal sealed class ZoneSamples : IDisposable
{
    /// <summary>For mx.example.org.</summary>
    internal const string Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBpDCCAUqgAwIBAgIUTL0Gfx7AjZno4AyQJSOE3rf99KowCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwObXguZXhhbXBsZS5vcmcwIBcNMjYxMTI4MDgyNjA0WhgPMjEy
        NjExMDQwODI2MDRaMBkxFzAVBgNVBAMMDm14LmV4YW1wbGUub3JnMFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAESkZb5VPZNEolqe4njhbF55TmACp8S0WiWB0cO8qj
        KPIpOCdxQybPwDQZyPovt+8oSDt+KiArNxBKLVJ/gPlO9aNuMGwwHQYDVR0OBBYE
        FBuTcn78M+pTFjyjS4/bsvOIFGTGMB8GA1UdIwQYMBaAFBuTcn78M+pTFjyjS4/b
        svOIFGTGMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIObXguZXhhbXBsZS5v
        cmcwCgYIKoZIzj0EAwIDSAAwRQIhAIrYV1PTGA6B8iHrQvFSwhVZF9kSHZh25Zr0
        mCQBqILoAiAUHcgvTl0K7OHsjzhCOVMbBj6p5Zndw/lIAMNomLrxbA==
        -----END CERTIFICATE-----
        """;

    /// <summary>For second.example.org.</summary>
    internal const string OtherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBsDCCAVagAwIBAgIUcRA/YgKiRUToBIyS2+e065zLlsAwCgYIKoZIzj0EAwIw
        HTEbMBkGA1UEAwwSc2Vjb25kLmV4YW1wbGUub3JnMCAXDTI2MTEyODA4MjYwNFoY
        DzIxMjYxMTA0MDgyNjA0WjAdMRswGQYDVQQDDBJzZWNvbmQuZXhhbXBsZS5vcmcw
        WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ6dKWSfnIfzHM9xqJz0eW+WOta8mDX
        HGEmDy6BHlob4R7lJq+5MMkOe0cc9KyBWsmZwPLN1Z8zcsMwQah8nYppo3IwcDAd
        BgNVHQ4EFgQUY6nE8fPWrWJhivjh81Ny+GVBwTIwHwYDVR0jBBgwFoAUY6nE8fPW
        rWJhivjh81Ny+GVBwTIwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHREEFjAUghJzZWNv
        bmQuZXhhbXBsZS5vcmcwCgYIKoZIzj0EAwIDSAAwRQIgZ3AjlPWQ7aPDA3Anofdc
        Afu6YotB6KGLdgnHBe+CuNQCIQCyETFs1irbTVjQx+A6s2scnKAPyOQy2g2dG+Cz
        UV95AQ==
        -----END CERTIFICATE-----
        """;

    // What openssl made of both: pkey -pubin -outform DER, x509 -outform DER.
    internal const string Key256 = "cc67be578f7056a3996c4f0d2cbf1c1524d7c388899d24db87ec394e7f655ad2";
    internal const string OtherKey256 = "a8e8d0addfdae7cb2651334e96cf82164ef7a29b56595c065d8a0f76642306c6";
    internal const string Whole256 = "2fc51c5bf8400941f89b00c852c7b2080ec14eb4d8c8533b3734a348bf42db75";
    internal const string OtherWhole256 = "2d1ae1e3082d4b1f9bd9cb9899c3fe8724e7171eced40a6ecfbba5afb2440a7c";
    internal const string Whole512 =
        "83a3780e5c3ea826385cb4be836b50d632dfabf4d005b00be46698e4dfc062fb9c4ed10b721a987ef21afab384a4d356173faaff4fa3205e8e2e4fb9f22affbf";

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("pst").FullName;

    internal IReadOnlyList<string> Domains { get; init; } = ["example.org", "example.net"];

    /// <summary>"192.0.2.1 25 Smtp" each.</summary>
    internal IReadOnlyList<string> Listeners { get; init; } =
        ["192.0.2.1 25 Smtp", "2001:db8::1 25 Smtp", "192.0.2.1 465 Submissions", "192.0.2.1 587 Submission", "127.0.0.1 24 Lmtp"];

    internal bool OffersTls { get; init; } = true;

    /// <summary>The contents of the chain files.</summary>
    internal IReadOnlyList<string> Chains { get; init; } = [Certificate];

    /// <summary>What an authority made: null when none is asked for, empty when it has made none yet.</summary>
    internal string? Issued { get; init; }

    /// <summary>The resolvers of the configuration.</summary>
    internal IReadOnlyList<(string Address, ushort Port)> Resolvers { get; init; } = [];

    internal string ChainFile(int index) => Path.Join(_folder, $"{index}.pem");

    internal IReadOnlyDictionary<ProgramName, byte[]> Slices()
    {
        var slices = SliceLoaderTests.Slices(ServiceKind.Smtp, IpAddress.Loopback4);
        var (queue, smtpd, tls, remote) = (new SliceWriter(), new SliceWriter(), new SliceWriter(), new SliceWriter());
        foreach (var domain in Domains)
        {
            queue.Add(new DomainSlice { Domain = domain });
        }

        smtpd.Add(new SmtpdSlice
        {
            HostName = "mx.example.org",
            MessageSize = 1,
            Recipients = 1,
            Connections = 1,
            ConnectionsPerClient = 1,
            CommandSeconds = 1,
            SessionSeconds = 1,
            OffersTls = OffersTls,
            MaxHoldSeconds = 0,
            Logins = LoginWays.Scram,
        });
        foreach (var words in Listeners.Select(listener => listener.Split(' ')))
        {
            smtpd.Add(new ListenerSlice { Address = Raw(words[0]), Port = ushort.Parse(words[1]), Service = Enum.Parse<ServiceKind>(words[2]) });
        }

        tls.Add(new TlsSlice { HostName = "mx.example.org", AsksForCertificate = false });
        for (var i = 0; i < Chains.Count; i++)
        {
            File.WriteAllText(ChainFile(i), Chains[i]);
            tls.Add(new CertificateSlice { Chain = ChainFile(i), Key = "/nonexistent/key" });
        }

        if (Issued is not null)
        {
            tls.Add(new IssuanceSlice { Folder = _folder, Contact = "", Names = ["mx.example.org"] });
            if (Issued.Length > 0) File.WriteAllText(Path.Join(_folder, "certificate.pem"), Issued);
        }

        remote.Add(new RemoteSlice { HostName = "mx.example.org", AllowPrivate = false, MaxConnections = 1, IdleSeconds = 1, Folder = "/remote", Authorities = "/authorities", TlsHoldSeconds = 60, FollowsTlsOptional = true, HasLocalSockets = false });
        foreach (var (address, port) in Resolvers)
        {
            remote.Add(new ResolverSlice { Address = Raw(address), Port = port, IsTrusted = false });
        }

        slices[ProgramName.Queue] = [.. slices[ProgramName.Queue], .. queue.Bytes];
        slices[ProgramName.Smtpd] = smtpd.Bytes.ToArray();
        slices[ProgramName.Tls] = tls.Bytes.ToArray();
        slices[ProgramName.Remote] = remote.Bytes.ToArray();
        return slices;
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private static byte[] Raw(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address), text);
        var raw = new byte[IpAddress.Size];
        address.CopyTo(raw);
        return raw;
    }
}
