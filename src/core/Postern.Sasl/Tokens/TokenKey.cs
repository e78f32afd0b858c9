using System.Security.Cryptography;
using System.Text.Json;

namespace Postern.Sasl;

/// <summary>A public key that tokens are signed with: RSA for RS256, or P-256 for ES256 (RFC 7517, RFC 7518). It decides the algorithm, never the token.</summary>
public sealed class TokenKey : IDisposable
{
    /// <summary>The largest set, in bytes; arbitrary: providers publish a few keys.</summary>
    public const int MaxSet = 64 * 1024;

    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private readonly AsymmetricAlgorithm _key;

    private TokenKey(string? id, AsymmetricAlgorithm key) => (Id, _key) = (id, key);

    /// <summary>Its name, which a token may give.</summary>
    public string? Id { get; }

    /// <summary>Whether a token says that it is signed with such a key.</summary>
    internal string Algorithm => _key is RSA ? "RS256" : "ES256";

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>Verifies something by keys of both kinds, so that whatever that loads is loaded.</summary>
    public static void WarmUp()
    {
        var modulus = new byte[MinRsaBits / 8];
        modulus.AsSpan().Fill(0xff);
        // The point that the curve is made from (FIPS 186-4 §D.1.2.3): one of those that there are.
        var point = new ECPoint
        {
            X = Convert.FromHexString("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
            Y = Convert.FromHexString("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
        };
        using var rsa = new TokenKey(null, RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] }));
        using var elliptic = new TokenKey(null, ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }));
        _ = rsa.Verifies("x"u8, new byte[modulus.Length]) || elliptic.Verifies("x"u8, new byte[64]);
    }

    /// <summary>Reads a set of keys, as identity providers publish it (RFC 7517 §5). Keys for other purposes and of other kinds are left out.</summary>
    /// <param name="text">JSON.</param>
    /// <returns>The keys; null when it is no such set.</returns>
    public static IReadOnlyList<TokenKey>? ReadSet(ReadOnlySpan<byte> text)
    {
        if (JsonObject.Read(text) is not { } set || !set.Has("keys")) return null;
        return [.. set.List("keys").Select(Read).OfType<TokenKey>()];
    }

    /// <summary>True when it made a signature.</summary>
    /// <param name="signed">What was signed.</param>
    /// <param name="signature">In the form of RFC 7518 §3.</param>
    internal bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) => _key switch
    {
        RSA rsa => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ECDsa ec => ec.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        _ => false,
    };

    private static TokenKey? Read(JsonElement element)
    {
        if (JsonObject.Of(element) is not { } key || (key.Has("use") && key.Text("use") != "sig")) return null;
        AsymmetricAlgorithm? algorithm = key.Text("kty") switch
        {
            "RSA" when key.Text("alg") is null or "RS256" => ReadRsa(key),
            "EC" when key.Text("crv") == "P-256" && key.Text("alg") is null or "ES256" => ReadEc(key),
            _ => null,
        };
        return algorithm is null ? null : new TokenKey(key.Text("kid"), algorithm);
    }

    private static RSA? ReadRsa(JsonObject key)
    {
        if (key.Bytes("n") is not { Length: >= MinRsaBits / 8 and <= MaxRsaBits / 8 } modulus || key.Bytes("e") is not { Length: > 0 and <= 8 } exponent) return null;
        return Make(() => RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent }));
    }

    private static ECDsa? ReadEc(JsonObject key)
    {
        if (key.Bytes("x") is not { Length: 32 } x || key.Bytes("y") is not { Length: 32 } y) return null;
        return Make(() => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }));
    }

    private static T? Make<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (CryptographicException)
        {
            // Numbers that are no key: a point beside the curve.
            return null;
        }
    }
}
