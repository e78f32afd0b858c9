using Postern.TestKit.Certificates;
using Postern.Tls.Harness;

namespace Postern.Tls.Sessions;

public sealed class ReloadTests
{
    [Fact]
    public void ASessionGoesOn_WhenItsServiceIsClosed()
    {
        var old = Services.Plain();
        using var pair = new TlsPair(old).Agreed().Exchanged();
        old.Dispose();
        pair.Exchanged();
    }

    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void AHandshakeUnderWay_ChoosesByNameStill(int version)
    {
        Paper[] papers = [Papers.Elliptic("mx.example"), Papers.Elliptic("mail.example")];
        var old = Services.Of(null, papers);
        using var pair = new TlsPair(old, new ClientManner { MaxVersion = version, ServerName = "mail.example" });
        pair.Client.Step();
        old.Dispose();
        pair.Agreed().Exchanged();
        Assert.Equal(papers[1].Leaf.RawData, pair.Client.ServerCertificate);
    }

    [Fact]
    public void ANewSession_HasTheNewCertificate()
    {
        Paper before = Papers.Elliptic("mx.example"), after = Papers.Elliptic("mx.example");
        var service = Services.Of(null, before);
        using var old = new TlsPair(service).Agreed();
        service.Dispose();
        service = Services.Of(null, after);
        using var fresh = new TlsPair(service).Agreed();
        Assert.Equal(before.Leaf.RawData, old.Client.ServerCertificate);
        Assert.Equal(after.Leaf.RawData, fresh.Client.ServerCertificate);
        service.Dispose();
    }

    [Fact]
    public void AClosedService_TakesNoSession()
    {
        var service = Services.Plain();
        service.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new TlsPair(service));
    }

    [Fact]
    public void CertificatesMayBeFreed_WhenTheServiceIsMade()
    {
        var paper = Papers.Elliptic("mx.example");
        var certificate = paper.Read();
        using var service = new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]);
        certificate.Dispose();
        using var pair = new TlsPair(service, new ClientManner { ServerName = "mx.example" }).Agreed();
        Assert.Equal(paper.Leaf.RawData, pair.Client.ServerCertificate);
    }
}
