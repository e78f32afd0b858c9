using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>Tokens: who signed them, for whom, until when. Keys are made for each run.</summary>
public sealed class TokenTests : IDisposable
{
    private static readonly RSA _rsa = RSA.Create(2048);
    private static readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly TokenRules _rules = new("https://id.test", "mail.a.test", "email");

    private readonly ManualClock _clock = new();
    private readonly IReadOnlyList<TokenKey> _keys = TokenKey.ReadSet(Encoding.UTF8.GetBytes(Set()))!;
    private readonly TokenVerifier _verifier;

    public TokenTests() => _verifier = new TokenVerifier(_rules, _keys, _clock);

    private static long Now => new ManualClock().GetUtcNow().ToUnixTimeSeconds();

    private static string Body => Claims();

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"r"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"ES256","kid":"e"}""")]
    [InlineData("""{"typ":"JWT","alg":"ES256"}""")]
    public void ATokenOfAConfiguredKey_IsItsName(string head)
    {
        Assert.True(_verifier.TryVerify(Sign(head, Body), out var name));
        Assert.Equal("u@a.test", name);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS256"}""")]
    [InlineData("""{"alg":"RS256","kid":"e"}""")]
    [InlineData("""{"alg":"ES256","kid":"another"}""")]
    // The key says what algorithm it is for.
    [InlineData("""{"alg":"RS512","kid":"r"}""")]
    [InlineData("""{"alg":"RS256","kid":"r","crit":["exp"]}""")]
    [InlineData("""{"alg":"RS256","alg":"RS256"}""")]
    [InlineData("""{"alg":"RS256"} """ + "x")]
    [InlineData("""["RS256"]""")]
    [InlineData("{}")]
    [InlineData("")]
    public void AnotherHead_DoesNotHold(string head) => Assert.False(_verifier.TryVerify(Sign(head, Body), out _));

    [Fact]
    public void ATokenWithoutSignature_DoesNotHold()
    {
        var whole = Encoding.ASCII.GetString(Sign("""{"alg":"RS256"}""", Body));
        var unsigned = whole[..whole.LastIndexOf('.')];
        Assert.False(Verifies(unsigned));
        Assert.False(Verifies(unsigned + "."));
        Assert.False(Verifies(unsigned + ".AAAA"));
        Assert.False(Verifies(Encode("""{"alg":"none"}""") + "." + Encode(Body) + "."));
        // The public key, as if it were a secret.
        var secret = Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem());
        var signed = Encode("""{"alg":"HS256"}""") + "." + Encode(Body);
        Assert.False(Verifies(signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))));
    }

    [Fact]
    public void ATokenWithAnyBitOfItChanged_DoesNotHold()
    {
        var token = Sign("""{"alg":"ES256"}""", Body);
        Assert.True(_verifier.TryVerify(token, out _));
        for (int at = 0; at < token.Length; at++)
        {
            byte[] changed = [.. token];
            changed[at] ^= 1;
            Assert.False(_verifier.TryVerify(changed, out _), $"byte {at}");
            Assert.False(_verifier.TryVerify(token.AsSpan(0, at), out _), $"cut at {at}");
        }
        Assert.False(_verifier.TryVerify([.. token, .. "="u8], out _));
        Assert.False(_verifier.TryVerify([.. token, .. "\n"u8], out _));
        Assert.False(_verifier.TryVerify([.. token, .. ".x"u8], out _));
    }

    public static TheoryData<string, bool> Bodies => new()
    {
        { Claims(issuer: "https://id.test/"), false },
        { Claims(issuer: "https://evil.test"), false },
        { Claims(audience: "\"other.a.test\""), false },
        { Claims(audience: """["x","mail.a.test"]"""), true },
        { Claims(audience: """["x"]"""), false },
        { Claims(audience: """{"mail.a.test":1}"""), false },
        { Claims(end: "0"), false },
        { Claims(end: $"{Now - 59}"), true },
        { Claims(end: $"{Now - 62}"), false },
        { Claims(end: $"{Now + 10}.5"), true },
        { Claims(end: $"\"{Now + 10}\""), false },
        { Claims(end: "1e300"), false },
        { Claims(end: "null"), false },
        { Claims(more: $"""
            ,"nbf":{Now + 59}
            """), true },
        { Claims(more: $"""
            ,"nbf":{Now + 62}
            """), false },
        { Claims(more: ""","nbf":"soon" """), false },
        { Claims(more: ""","email_verified":false"""), false },
        { Claims(more: ""","email_verified":"false" """), false },
        { Claims(more: ""","email_verified":true"""), true },
        { Claims(more: ""","email_verified":"true" """), true },
        { Claims(name: "\"not a name\""), false },
        { Claims(name: "\"\""), false },
        { Claims(name: "17"), false },
        { Claims(name: "\"\\ud800\""), false },
        // Which of both would it be?
        { Claims(more: ""","email":"v@a.test" """), false },
        { """{"iss":"https://id.test","aud":"mail.a.test","email":"u@a.test"}""", false },
        { Claims(more: ""","\ud800":1"""), false },
        { "{", false },
        { "[]", false },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void WhatATokenSays_IsJudged(string body, bool holds) => Assert.Equal(holds, _verifier.TryVerify(Sign("""{"alg":"ES256"}""", body), out _));

    [Fact]
    public void ANameInCapitals_IsTheSame()
    {
        Assert.True(_verifier.TryVerify(Sign("""{"alg":"ES256"}""", Claims(name: "\"U@A.test\"")), out var name));
        Assert.Equal("u@a.test", name);
    }

    [Fact]
    public void ALongToken_IsNotRead() => Assert.False(_verifier.TryVerify(Sign("""{"alg":"ES256"}""", Claims(more: $""","x":"{new string('x', TokenVerifier.MaxLength)}" """)), out _));

    [Theory]
    [InlineData("""{"keys":[]}""", 0)]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"RSA"},{"kty":"EC","crv":"P-256"},17]}""", 0)]
    // Too short for anybody to sign with.
    [InlineData("""{"keys":[{"kty":"RSA","n":"AAAA","e":"AQAB"}]}""", 0)]
    // A point beside the curve.
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}]}""", 0)]
    [InlineData("""{"keys":"x"}""", 0)]
    [InlineData("""{"jwks":[]}""", null)]
    [InlineData("x", null)]
    [InlineData("""{"keys":[]}{}""", null)]
    public void ASetOfKeys_IsRead(string text, int? count) => Assert.Equal(count, TokenKey.ReadSet(Encoding.UTF8.GetBytes(text))?.Count);

    [Fact]
    public void KeysForOtherPurposes_AreLeftOut()
    {
        Assert.Equal(2, _keys.Count);
        Assert.Empty(TokenKey.ReadSet(Encoding.UTF8.GetBytes(Set(""","use":"enc" """)))!);
        Assert.Empty(TokenKey.ReadSet(Encoding.UTF8.GetBytes(Set(""","alg":"PS256" """)))!);
    }

    private static string Claims(string issuer = "https://id.test", string audience = "\"mail.a.test\"", string? end = null, string name = "\"u@a.test\"", string more = "") =>
        $$"""{"iss":"{{issuer}}","aud":{{audience}},"exp":{{end ?? $"{Now + 600}"}},"email":{{name}}{{more}}}""";

    private static string Set(string more = ""","use":"sig" """)
    {
        var rsa = _rsa.ExportParameters(includePrivateParameters: false);
        var ec = _ec.ExportParameters(includePrivateParameters: false);
        return $$"""
            {"keys":[{"kty":"RSA","kid":"r","n":"{{Base64Url.EncodeToString(rsa.Modulus)}}","e":"{{Base64Url.EncodeToString(rsa.Exponent)}}"{{more}}},
            {"kty":"EC","kid":"e","crv":"P-256","x":"{{Base64Url.EncodeToString(ec.Q.X)}}","y":"{{Base64Url.EncodeToString(ec.Q.Y)}}"{{more}}}]}
            """;
    }

    private static byte[] Sign(string head, string body)
    {
        var signed = Encoding.ASCII.GetBytes($"{Encode(head)}.{Encode(body)}");
        var signature = head.Contains("ES", StringComparison.Ordinal)
            ? _ec.SignData(signed, HashAlgorithmName.SHA256)
            : _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return [.. signed, (byte)'.', .. Encoding.ASCII.GetBytes(Base64Url.EncodeToString(signature))];
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private bool Verifies(string token) => _verifier.TryVerify(Encoding.ASCII.GetBytes(token), out _);
}
