using System.Security.Cryptography;
using System.Text;
using Postern.TestKit.Servers;
using Postern.Tls.Native;

namespace Postern.Tls.Keys;

/// <summary>Keys that sign, held against the framework's own.</summary>
public sealed class SigningKeyTests : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);

    public SigningKeyTests() => Assert.Null(OpenSsl.Open());

    public void Dispose() => _scratch.Dispose();

    // Of five hundred signatures some four have a number with a leading zero byte: each has to keep its place.
    [Fact]
    public void EverySignature_Verifies()
    {
        using var key = SigningKey.Make();
        using var judge = Judge(key);
        var (zeros, data) = (0, new byte[300]);
        for (var number = 0; number < 10_000 && (number < 500 || zeros < 4); number++)
        {
            var input = data.AsSpan(0, number % data.Length);
            RandomNumberGenerator.Fill(input);
            var signature = key.Sign(input);
            Assert.Equal(SigningKey.SignatureSize, signature.Length);
            Assert.True(judge.VerifyData(input, signature, HashAlgorithmName.SHA256));
            zeros += signature[0] == 0 || signature[32] == 0 ? 1 : 0;
            var der = key.SignDer(input);
            Assert.True(judge.VerifyData(input, der, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            signature[number % 64] ^= 1;
            Assert.False(judge.VerifyData(input, signature, HashAlgorithmName.SHA256));
        }

        Assert.True(zeros >= 4);
    }

    [Fact]
    public void EachKey_IsAnother()
    {
        using var one = SigningKey.Make();
        using var other = SigningKey.Make();
        Assert.NotEqual(one.PublicPoint, other.PublicPoint);
        using var judge = Judge(other);
        Assert.False(judge.VerifyData("x"u8, one.Sign("x"u8), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void KeyThatIsWrittenDown_IsReadAgain_ByUsAndByOthers()
    {
        using var key = SigningKey.Make();
        var text = key.ToPem();
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", Encoding.ASCII.GetString(text), StringComparison.Ordinal);
        Assert.EndsWith("-----END PRIVATE KEY-----\n", Encoding.ASCII.GetString(text), StringComparison.Ordinal);
        Assert.Equal(text, key.ToPem());
        using var judge = ECDsa.Create();
        judge.ImportFromPem(Encoding.ASCII.GetString(text));
        Assert.True(judge.VerifyData("x"u8, key.Sign("x"u8), HashAlgorithmName.SHA256));
        Assert.True(SigningKey.TryRead(Put(Encoding.ASCII.GetString(text)), out var again, out var problem), problem);
        using (again)
        {
            Assert.Equal(key.PublicPoint, again.PublicPoint);
            Assert.True(judge.VerifyData("y"u8, again.Sign("y"u8), HashAlgorithmName.SHA256));
        }
    }

    [Theory]
    [InlineData("pkcs8")]
    [InlineData("sec1")]
    public void KeyOfAnotherProgram_IsRead(string form)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(SigningKey.TryRead(Put(form == "sec1" ? made.ExportECPrivateKeyPem() : made.ExportPkcs8PrivateKeyPem()), out var key, out var problem), problem);
        using (key)
        {
            Assert.True(made.VerifyData("x"u8, key.Sign("x"u8), HashAlgorithmName.SHA256));
        }
    }

    // All of these are keys, some as long as ours; none signs what ES256 says (RFC 7518 §3.4).
    [Theory]
    [InlineData("secp256k1", "has a key that is not one of P-256")]
    [InlineData("brainpoolP256r1", "has a key that is not one of P-256")]
    [InlineData("nistP384", "has a key that is not one of P-256")]
    [InlineData("nistP521", "has a key that is not one of P-256")]
    [InlineData("RSA", "has a key that is not one of P-256")]
    [InlineData("ed25519", "has a key that is neither RSA nor elliptic (ECDSA)")]
    public void KeyOfAnotherKind_IsRefused(string kind, string reason)
    {
        using var rsa = RSA.Create(2048);
        var path = Put(kind switch
        {
            "RSA" => rsa.ExportPkcs8PrivateKeyPem(),
            // RFC 8410 §10.3.
            "ed25519" => "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
            _ => Curve(kind),
        });
        Assert.False(SigningKey.TryRead(path, out var key, out var problem));
        Assert.Null(key);
        Assert.Equal($"{path} {reason}", problem);
    }

    [Theory]
    [InlineData("", "has no private key (it takes PEM: -----BEGIN PRIVATE KEY-----)")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "has a private key that can't be read")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "has a key that is encrypted")]
    public void TextThatIsNoKey_IsRefused(string text, string reason)
    {
        var path = Put(text);
        Assert.False(SigningKey.TryRead(path, out _, out var problem));
        Assert.StartsWith($"{path} {reason}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void KeyThatEverybodyCanRead_IsRefused(UnixFileMode mode)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var path = Put(made.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | mode);
        Assert.False(SigningKey.TryRead(path, out _, out var problem));
        Assert.StartsWith($"{path} holds a private key that every user can read or change", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNotThere_IsSaid()
    {
        Assert.False(SigningKey.TryRead(_scratch["none"], out _, out var problem));
        Assert.StartsWith($"{_scratch["none"]} can't be read: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Digest_IsSha256(int length) => Assert.Equal(SHA256.HashData(new byte[length]), SigningKey.Sha256(new byte[length]));

    private static ECDsa Judge(SigningKey key) => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = key.PublicPoint[..32], Y = key.PublicPoint[32..] },
    });

    private static string Curve(string name)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(name));
        return key.ExportPkcs8PrivateKeyPem();
    }

    private string Put(string text)
    {
        var path = _scratch.Write("key.pem", text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
