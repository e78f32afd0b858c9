using Postern.TestKit.Certificates;
using Postern.Tls.Certificates;

namespace Postern.Tls.Harness;

internal static class PaperReading
{
    /// <summary>Reads it as the product does, which has to succeed.</summary>
    public static TlsCertificate Read(this Paper paper)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return certificate;
    }
}
