using System.Security.Cryptography;
using Postern.TestKit.Certificates;
using Postern.Tls.Harness;
using Postern.Tls.Sessions;

namespace Postern.Tls.Sessions;

public sealed class HandshakeTests
{
    // Numbers of alerts as the client gets them (RFC 8446 §6), with OpenSSL's 1000 before.
    private const int HandshakeFailure = 1040;
    private const int ProtocolVersion = 1070;
    private const int NoApplicationProtocol = 1120;

    [Theory]
    [InlineData(0x304, "TLSv1.3", "TLS_AES_128_GCM_SHA256")]
    [InlineData(0x303, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")]
    public void BothVersions_AreSpoken(int version, string name, string suite)
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service, new ClientManner { MaxVersion = version }).Agreed().Exchanged();
        Assert.Equal((name, suite, false), (pair.Facts.Version, pair.Facts.Suite, pair.Facts.IsResumed));
        Assert.Empty(pair.Facts.ServerName);
        Assert.Empty(pair.Facts.Protocol);
        Assert.Empty(pair.Facts.ClientFingerprint);
    }

    [Theory]
    [InlineData(0x302)]
    [InlineData(0x301)]
    public void OlderVersions_AreRefused(int version)
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service, new ClientManner { MinVersion = version, MaxVersion = version, SecurityLevel = 0, Ciphers = "ALL:@SECLEVEL=0" });
        Assert.Equal(TlsStatus.Failed, pair.Agree());
        Assert.Equal(ProtocolVersion, pair.Client.Failure);
        Assert.Equal(new TlsFailure(null, "unsupported protocol"), pair.Server.Failure);
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-SHA")] // No authenticated encryption.
    [InlineData("ECDHE-ECDSA-NULL-SHA")]
    [InlineData("AECDH-AES128-SHA")] // Nobody's key.
    [InlineData("DHE-RSA-AES128-GCM-SHA256")] // A group of the client's choice.
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256")] // A key that the server has not.
    public void WeakOrStrangeSuites_AreRefused(string suite)
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service, new ClientManner { MaxVersion = 0x303, SecurityLevel = 0, Ciphers = suite + ":@SECLEVEL=0" });
        Assert.Equal(TlsStatus.Failed, pair.Agree());
        Assert.Equal(HandshakeFailure, pair.Client.Failure);
        Assert.Equal(new TlsFailure(null, "no shared cipher"), pair.Server.Failure);
    }

    [Theory]
    [InlineData("TLS_AES_256_GCM_SHA384")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256")]
    public void AClientThatHasOneSuite_GetsIt(string suite)
    {
        using var service = Services.Plain();
        using var pair = new TlsPair(service, new ClientManner { Suites = suite }).Agreed();
        Assert.Equal(suite, pair.Facts.Suite);
    }

    [Theory]
    [InlineData("mx.example", 0)]
    [InlineData("MX.EXAMPLE", 0)]
    [InlineData("mail.example", 1)]
    [InlineData("other.example", 0)]
    [InlineData("x\\", 0)]
    [InlineData("../../mail.example", 0)]
    [InlineData("%n%s", 0)]
    [InlineData("*", 0)]
    public void TheNameAskedFor_ChoosesTheCertificate(string name, int which)
    {
        Paper[] papers = [Papers.Elliptic("mx.example"), Papers.Elliptic("mail.example")];
        using var service = Services.Of(null, papers);
        using var pair = new TlsPair(service, new ClientManner { ServerName = name }).Agreed();
        Assert.Equal(papers[which].Leaf.RawData, pair.Client.ServerCertificate);
        Assert.Equal(System.Text.Encoding.ASCII.GetBytes(name), pair.Facts.ServerName);
    }

    [Fact]
    public void WithoutAName_TheFirstCertificateIsShown()
    {
        Paper[] papers = [Papers.Elliptic("mx.example"), Papers.Elliptic("mail.example")];
        using var service = Services.Of(null, papers);
        using var pair = new TlsPair(service).Agreed();
        Assert.Equal(papers[0].Leaf.RawData, pair.Client.ServerCertificate);
    }

    [Fact]
    public void OfTwoCertificates_TheClientGetsTheOneThatItCanVerify()
    {
        Paper elliptic = Papers.Elliptic("mx.example"), rsa = Papers.Rsa("mx.example");
        using var service = Services.Twins(rsa, elliptic);
        using var modern = new TlsPair(service).Agreed();
        using var old = new TlsPair(service, new ClientManner { MaxVersion = 0x303, Ciphers = "aRSA" }).Agreed();
        using var other = new TlsPair(service, new ClientManner { MaxVersion = 0x303, Ciphers = "aECDSA" }).Agreed();
        Assert.Equal(elliptic.Leaf.RawData, modern.Client.ServerCertificate);
        Assert.Equal(rsa.Leaf.RawData, old.Client.ServerCertificate);
        Assert.Equal(elliptic.Leaf.RawData, other.Client.ServerCertificate);
    }

    [Fact]
    public void TwoCertificatesOfOneKind_AreRefused() =>
        Assert.Throws<InvalidOperationException>(() => Services.Twins(Papers.Elliptic("mx.example"), Papers.Elliptic("mx.example")));

    [Fact]
    public void TheChain_IsSentWithTheLeaf()
    {
        using var service = Services.Of(null, Papers.Issued("mx.example"));
        using var pair = new TlsPair(service).Agreed();
        Assert.Equal(2, pair.Client.ServerChain);
    }

    [Fact]
    public void AProtocolOfOurs_IsChosen()
    {
        using var service = Services.Plain(new TlsPolicy { Service = "smtp", Protocols = ["smtp"u8.ToArray(), "esmtp"u8.ToArray()] });
        using var pair = new TlsPair(service, new ClientManner { Protocols = ["h2", "esmtp"] }).Agreed();
        Assert.Equal("esmtp"u8.ToArray(), pair.Facts.Protocol);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("ftp")]
    [InlineData("smt")]
    [InlineData("smtpx")]
    public void AProtocolOfOthers_IsRefused(string protocol)
    {
        using var service = Services.Plain(new TlsPolicy { Service = "smtp", Protocols = ["smtp"u8.ToArray()] });
        using var pair = new TlsPair(service, new ClientManner { Protocols = [protocol] });
        Assert.Equal(TlsStatus.Failed, pair.Agree());
        Assert.Equal(NoApplicationProtocol, pair.Client.Failure);
    }

    [Fact]
    public void ACertificateOfTheClient_IsNotAskedForUnasked()
    {
        using var folder = new TestKit.Servers.Scratch();
        using var service = Services.Plain();
        using var pair = new TlsPair(service, new ClientManner { CertificatePath = ClientFile(folder, Papers.Elliptic("client.example")) }).Agreed();
        Assert.Empty(pair.Facts.ClientFingerprint);
    }

    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void ACertificateOfTheClient_IsKnownByItsFingerprint(int version)
    {
        using var folder = new TestKit.Servers.Scratch();
        var paper = Papers.Elliptic("client.example");
        using var service = Services.Plain(new TlsPolicy { Service = "smtp", AsksForCertificate = true });
        using var pair = new TlsPair(service, new ClientManner { MaxVersion = version, CertificatePath = ClientFile(folder, paper) }).Agreed().Exchanged();
        using var without = new TlsPair(service, new ClientManner { MaxVersion = version }).Agreed();
        Assert.Equal(SHA256.HashData(paper.Leaf.RawData), pair.Facts.ClientFingerprint);
        Assert.Empty(without.Facts.ClientFingerprint);
    }

    [Fact]
    public void ACertificateOfTheClientThatIsTooLarge_IsRefused()
    {
        using var folder = new TestKit.Servers.Scratch();
        var paper = Papers.Elliptic([.. Enumerable.Range(0, 3000).Select(n => $"client-{n}.example")]);
        using var service = Services.Plain(new TlsPolicy { Service = "smtp", AsksForCertificate = true });
        using var pair = new TlsPair(service, new ClientManner { CertificatePath = ClientFile(folder, paper) });
        Assert.Equal(TlsStatus.Failed, pair.Agree());
        Assert.Equal("excessive message size", pair.Server.Failure!.Reason);
    }

    private static string ClientFile(TestKit.Servers.Scratch folder, Paper paper) => folder.Write("client.pem", paper.Key + "\n" + paper.Chain);
}
