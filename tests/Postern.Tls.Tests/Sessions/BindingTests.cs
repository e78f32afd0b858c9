using System.Security.Cryptography;
using Postern.TestKit.Certificates;
using Postern.Tls.Harness;

namespace Postern.Tls.Sessions;

public sealed class BindingTests
{
    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void TheExporter_IsTheSameOnBothSides_AndAnotherInEachSession(int version)
    {
        using var service = Services.Plain();
        using var one = new TlsPair(service, new ClientManner { MaxVersion = version }).Agreed();
        using var other = new TlsPair(service, new ClientManner { MaxVersion = version }).Agreed();
        Assert.Equal(32, one.Facts.Exporter.Length);
        Assert.Equal(one.Client.Exporter, one.Facts.Exporter);
        Assert.NotEqual(one.Facts.Exporter, other.Facts.Exporter);
    }

    [Fact]
    public void TheEndPoint_IsTheDigestOfTheCertificate()
    {
        var paper = Papers.Elliptic("mx.example");
        using var service = Services.Of(null, paper);
        using var pair = new TlsPair(service).Agreed();
        Assert.Equal(SHA256.HashData(paper.Leaf.RawData), pair.Facts.EndPoint);
    }

    // RFC 5929 §4.1: by the digest of the signature.
    [Fact]
    public void TheEndPoint_UsesTheDigestOfTheSignature()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var paper = Papers.Of(["mx.example"], key, HashAlgorithmName.SHA384);
        using var service = Services.Of(null, paper);
        using var pair = new TlsPair(service).Agreed();
        Assert.Equal(SHA384.HashData(paper.Leaf.RawData), pair.Facts.EndPoint);
    }

    [Fact]
    public void OfTwoCertificates_TheEndPointIsTheOneThatWasShown()
    {
        Paper elliptic = Papers.Elliptic("mx.example"), rsa = Papers.Rsa("mx.example");
        using var service = Services.Twins(elliptic, rsa);
        using var one = new TlsPair(service, new ClientManner { MaxVersion = 0x303, Ciphers = "aRSA" }).Agreed();
        using var other = new TlsPair(service).Agreed();
        Assert.Equal(SHA256.HashData(rsa.Leaf.RawData), one.Facts.EndPoint);
        Assert.Equal(SHA256.HashData(elliptic.Leaf.RawData), other.Facts.EndPoint);
    }

    [Fact]
    public void OfANamedCertificate_TheEndPointIsThatOne()
    {
        Paper[] papers = [Papers.Elliptic("mx.example"), Papers.Elliptic("mail.example")];
        using var service = Services.Of(null, papers);
        using var pair = new TlsPair(service, new ClientManner { ServerName = "mail.example" }).Agreed();
        Assert.Equal(SHA256.HashData(papers[1].Leaf.RawData), pair.Facts.EndPoint);
    }
}
