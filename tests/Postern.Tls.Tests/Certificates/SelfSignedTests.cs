using System.Security.Cryptography.X509Certificates;
using Postern.Tls.Certificates;
using Postern.Tls.Harness;
using Postern.Tls.Sessions;

namespace Postern.Tls.Certificates;

public sealed class SelfSignedTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ItIsForTheName_AndValidNow()
    {
        using var certificate = SelfSigned.Make("mx.example", Now);
        Assert.True(certificate.Covers("mx.example"u8));
        Assert.False(certificate.Covers("www.example"u8));
        Assert.Equal(Now.AddDays(-1), certificate.ValidFrom);
        Assert.Equal(Now.AddDays(398), certificate.ValidUntil);
        Assert.False(certificate.IsRsa);
    }

    [Fact]
    public void AClientSeesAnOrdinaryCertificate()
    {
        using var certificate = SelfSigned.Make("mx.example", DateTimeOffset.UtcNow);
        using var service = new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]);
        using var pair = new TlsPair(service).Agreed();
        using var seen = X509CertificateLoader.LoadCertificate(pair.Client.ServerCertificate);
        Assert.Equal("CN=mx.example", seen.Subject);
        Assert.Equal("CN=mx.example", seen.Issuer);
        Assert.Equal(3, seen.Version);
        Assert.True(seen.MatchesHostname("mx.example"));
        Assert.False(seen.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public void ALongName_StandsInTheAlternativesAlone()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 30), 3));
        using var certificate = SelfSigned.Make(name, Now);
        Assert.True(certificate.Covers(System.Text.Encoding.ASCII.GetBytes(name)));
    }

    [Fact]
    public void EachIsAnother()
    {
        using var one = SelfSigned.Make("mx.example", Now);
        using var other = SelfSigned.Make("mx.example", Now);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
    }
}
