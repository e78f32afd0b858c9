using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postern.TestKit.Certificates;

/// <summary>A certificate for tests, as authorities hand it out.</summary>
/// <param name="Chain">PEM: the leaf, then its issuers.</param>
/// <param name="Key">PEM.</param>
/// <param name="Leaf">The leaf as .NET sees it.</param>
public sealed record Paper(string Chain, string Key, X509Certificate2 Leaf)
{
    /// <summary>The authority at the end of the chain, which the chain does not have; null for a self-signed one.</summary>
    public X509Certificate2? Root { get; init; }

    /// <summary>Whoever issued the leaf, as the chain has it; null for a self-signed one.</summary>
    public X509Certificate2? Middle { get; init; }

    public byte[] ChainBytes => Encoding.ASCII.GetBytes(Chain);

    public byte[] KeyBytes => Encoding.ASCII.GetBytes(Key);

    public Paper With(string chain, string key) => this with { Chain = chain, Key = key };
}

/// <summary>Makes certificates with .NET's own means.</summary>
public static class Papers
{
    public static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private static readonly RSA _rsa = RSA.Create(2048);
    private static readonly ECDsa _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A self-signed one with an elliptic key.</summary>
    public static Paper Elliptic(params string[] names) => Of(names, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>A self-signed one with an RSA key, the same in all tests: they take long to make.</summary>
    public static Paper Rsa(params string[] names) => Of(names, _rsa);

    /// <summary>A self-signed one with this key.</summary>
    public static Paper Of(string[] names, AsymmetricAlgorithm key, HashAlgorithmName? digest = null, int days = 30)
    {
        var leaf = Request(names, key, digest ?? HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-20), Now.AddDays(days));
        return new Paper(leaf.ExportCertificatePem(), KeyText(key), leaf);
    }

    /// <summary>One that an authority's intermediate vouches for; the chain has leaf and intermediate.</summary>
    public static Paper Issued(string name, int days = 30, string root = "Root")
    {
        var top = Authority(root, _elliptic).CreateSelfSigned(Now.AddDays(-3), Now.AddDays(60));
        var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var middle = Authority("Middle", middleKey).Create(top, Now.AddDays(-2), Now.AddDays(50), [1, 2]).CopyWithPrivateKey(middleKey);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = Request([name], key, HashAlgorithmName.SHA256).Create(middle, Now.AddDays(-2), Now.AddDays(days), [3, 4]);
        return new Paper(leaf.ExportCertificatePem() + "\n" + middle.ExportCertificatePem() + "\n", KeyText(key), leaf)
        {
            Root = top,
            Middle = middle,
        };
    }

    public static string KeyText(AsymmetricAlgorithm key) => key.ExportPkcs8PrivateKeyPem();

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    private static CertificateRequest Request(string[] names, AsymmetricAlgorithm key, HashAlgorithmName digest)
    {
        var subject = new X500DistinguishedName($"CN={names[0]}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, digest, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, digest);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        return request;
    }
}
