using System.Security.Cryptography;
using System.Text;
using Postern.TestKit.Certificates;
using Postern.Tls.Certificates;
using Postern.Tls.Harness;

namespace Postern.Tls.Certificates;

public sealed class CertificateReaderTests
{
    private static readonly Paper Good = Papers.Elliptic("mx.example", "*.mail.example");

    [Fact]
    public void AGoodPair_IsRead()
    {
        using var certificate = Good.Read();
        Assert.False(certificate.IsRsa);
        Assert.Equal(SHA256.HashData(Good.Leaf.RawData), certificate.Fingerprint);
        Assert.Equal(Good.Leaf.NotBefore.ToUniversalTime(), certificate.ValidFrom.UtcDateTime);
        Assert.Equal(Good.Leaf.NotAfter.ToUniversalTime(), certificate.ValidUntil.UtcDateTime);
    }

    [Fact]
    public void ChainAndKeyInOneFile_AreRead() => Good.With(Good.Key + "\n" + Good.Chain, Good.Key + "\n" + Good.Chain).Read().Dispose();

    [Fact]
    public void TextAroundTheCertificates_IsPassedOver() => Good.With("Subject: somebody\n" + Good.Chain + "\nbye\n", Good.Key).Read().Dispose();

    [Theory]
    [InlineData("mx.example", true)]
    [InlineData("MX.Example", true)]
    [InlineData("a.mail.example", true)]
    [InlineData("mail.example", false)]
    [InlineData("a.b.mail.example", false)]
    [InlineData("", false)]
    [InlineData(".example", false)]
    [InlineData("mx.example\0.evil", false)]
    [InlineData("../../x", false)]
    [InlineData("%n", false)]
    [InlineData("mx.example\\", false)]
    public void OnlyItsOwnNames_AreCovered(string name, bool covered)
    {
        using var certificate = Good.Read();
        Assert.Equal(covered, certificate.Covers(Encoding.Latin1.GetBytes(name)));
    }

    [Fact]
    public void AChain_IsReadWhole()
    {
        using var certificate = Papers.Issued("mx.example").Read();
        Assert.True(certificate.Covers("mx.example"u8));
    }

    [Fact]
    public void AChainInTheWrongOrder_IsRefused()
    {
        var good = Papers.Issued("mx.example");
        var parts = good.Chain.Split("-----END CERTIFICATE-----\n", StringSplitOptions.RemoveEmptyEntries).Select(part => part + "-----END CERTIFICATE-----\n").ToArray();
        Assert.Equal("has a private key that is not the one of its first certificate", Problem(parts[1] + parts[0], good.Key));
        Assert.Equal(
            "is no chain: certificate 2 is not the issuer of certificate 1 (the server's own comes first)",
            Problem(parts[0] + Papers.Elliptic("other.example").Chain, good.Key));
    }

    [Fact]
    public void AnotherKey_IsRefused() =>
        Assert.Equal("has a private key that is not the one of its first certificate", Problem(Good.Chain, Papers.Elliptic("mx.example").Key));

    [Fact]
    public void AKeyOfAnotherKind_IsNamed() =>
        Assert.Equal(
            "has an elliptic key in its first certificate and an RSA key as its private key: they do not belong together",
            Problem(Good.Chain, Papers.Rsa("mx.example").Key));

    [Fact]
    public void NoCertificate_IsSaid() =>
        Assert.Equal("has no certificate that can be read (it takes PEM: -----BEGIN CERTIFICATE-----)", Problem(Good.Key, Good.Key));

    [Fact]
    public void NoKey_IsSaid() => Assert.Equal("has no private key (it takes PEM: -----BEGIN PRIVATE KEY-----)", Problem(Good.Chain, Good.Chain));

    [Fact]
    public void AnEncryptedKey_IsSaid()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Assert.StartsWith("has a key that is encrypted", Problem(Good.Chain, text), StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedKey_IsSaid() =>
        Assert.StartsWith("has a private key that can't be read (", Problem(Good.Chain, Good.Key.Replace("MIG", "MIH", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void ADamagedCertificateInTheChain_IsSaid() =>
        Assert.Equal(
            "has a certificate that can't be read after the first 1",
            Problem(Good.Chain + "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Good.Key));

    [Fact]
    public void ATooLongChain_IsRefused() =>
        Assert.Equal("has more than 10 certificates", Problem(string.Concat(Enumerable.Repeat(Good.Chain + "\n", 11)), Good.Key));

    [Fact]
    public void AShortRsaKey_IsRefused()
    {
        using var key = RSA.Create(1024);
        var paper = Papers.Of(["mx.example"], key);
        Assert.Equal("has an RSA key of 1024 bits: it takes 2048 at least", Problem(paper.Chain, paper.Key));
    }

    [Fact]
    public void OutsideOfItsTime_ItSaysSo()
    {
        using var certificate = SelfSigned.Make("mx.example", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
        Assert.Null(certificate.DoubtAt(certificate.ValidFrom));
        Assert.Null(certificate.DoubtAt(certificate.ValidUntil));
        Assert.Equal("is not valid before 2026-03-03 05:06 UTC", certificate.DoubtAt(certificate.ValidFrom.AddSeconds(-1)));
        Assert.Equal("expired at 2027-04-06 05:06 UTC", certificate.DoubtAt(certificate.ValidUntil.AddSeconds(1)));
    }

    private static string Problem(string chain, string key)
    {
        Assert.False(CertificateReader.TryRead(Encoding.ASCII.GetBytes(chain), Encoding.ASCII.GetBytes(key), out var certificate, out var problem));
        Assert.Null(certificate);
        return problem;
    }
}
