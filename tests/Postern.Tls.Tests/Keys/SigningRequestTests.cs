using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postern.Tls.Native;

namespace Postern.Tls.Keys;

/// <summary>Requests for certificates, as the framework reads them.</summary>
public sealed class SigningRequestTests
{
    public SigningRequestTests() => Assert.Null(OpenSsl.Open());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Request_IsForTheKeyAndTheNames_InTheirOrder(int count)
    {
        using var key = SigningKey.Make();
        string[] names = [.. Enumerable.Range(0, count).Select(number => $"n{count - number}.xn--bcher-kva.example")];
        // Its signature is verified by reading it.
        var read = CertificateRequest.LoadSigningRequest(SigningRequest.Make(key, names), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        Assert.Equal([4, .. key.PublicPoint], read.PublicKey.EncodedKeyValue.RawData);
        using var curve = read.PublicKey.GetECDsaPublicKey()!;
        Assert.Equal(ECCurve.NamedCurves.nistP256.Oid.Value, curve.ExportParameters(false).Curve.Oid.Value);
        Assert.Equal("", read.SubjectName.Name);
        var extension = Assert.Single(read.CertificateExtensions);
        Assert.Equal(names, new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames());
        Assert.Empty(read.OtherRequestAttributes);
    }

    [Fact]
    public void RequestThatIsChanged_IsNone()
    {
        using var key = SigningKey.Make();
        var request = SigningRequest.Make(key, ["mx.example"]);
        var at = request.AsSpan().IndexOf("mx.example"u8);
        Assert.True(at > 0);
        request[at]++;
        Assert.ThrowsAny<CryptographicException>(() => CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256));
    }
}
