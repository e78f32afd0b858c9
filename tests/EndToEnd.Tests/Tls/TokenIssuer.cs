using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Postern.EndToEnd.Tls;

/// <summary>An identity provider: its keys, and tokens that it signs.</summary>
internal static class TokenIssuer
{
    private static readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly RSA _rsa = RSA.Create(2048);

    /// <summary>The file of its public keys.</summary>
    internal static string Keys
    {
        get
        {
            var point = _key.ExportParameters(false).Q;
            var modulus = _rsa.ExportParameters(false);
            return $$"""
                {"keys":[
                  {"kty":"EC","crv":"P-256","kid":"e","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"},
                  {"kty":"RSA","use":"sig","kid":"r","n":"{{Base64Url.EncodeToString(modulus.Modulus)}}","e":"{{Base64Url.EncodeToString(modulus.Exponent)}}"}]}
                """;
        }
    }

    /// <summary>The section of a configuration that believes it.</summary>
    internal static string Section(string keys) => $"[tokens]\nissuer = \"https://id.example\"\naudience = \"mx.example.org\"\nkeys = \"{keys}\"";

    /// <summary>A token for alice, for ten minutes.</summary>
    internal static string Token(bool rsa = false, string audience = "mx.example.org")
    {
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600;
        var signed = Url(rsa ? """{"alg":"RS256","kid":"r"}""" : """{"alg":"ES256","kid":"e"}""") + "."
            + Url($$"""{"iss":"https://id.example","aud":["{{audience}}"],"email":"Alice@example.org","email_verified":true,"exp":{{end}}}""");
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = rsa ? _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : _key.SignData(bytes, HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Url(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
