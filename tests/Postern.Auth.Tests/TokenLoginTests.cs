using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Postern.Auth.Tests.Harness;
using Postern.Sasl;

namespace Postern.Auth.Tests;

/// <summary>OAUTHBEARER (RFC 7628) and XOAUTH2 as smtpd passes them on, with keys in a file that others change (D13).</summary>
public sealed class TokenLoginTests : IDisposable
{
    private static readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pk");

    public TokenLoginTests()
    {
        _house.TokenKeys = Path.Join(_folder.FullName, "keys.json");
        Put(_key);
        _house.Open();
    }

    public void Dispose()
    {
        _house.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Token_LogsIn()
    {
        Assert.Equal("LoggedIn ann@a.test", Bearer(Token()));
        Assert.Equal("LoggedIn ann@a.test", Old(Token()));
        // Who has tokens needs no account here.
        Assert.Equal("LoggedIn dora@a.test", Old(Token(name: "dora@a.test"), "dora@a.test"));
        Assert.Contains("mechanism=OAUTHBEARER user=\"ann@a.test\"", _house.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token(), _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenThatDoesNotHold_IsExplainedAndThenRefused()
    {
        var exchange = _house.Begin(SaslMechanism.OAuthBearer);
        Assert.Equal($$"""{{exchange}} challenge {"status":"invalid_token"}""", _house.Say(exchange, $"n,,\u0001auth=Bearer {Token(_other)}\u0001\u0001"));
        Assert.Equal($"{exchange} Refused", _house.Say(exchange, "\u0001"));
        var old = _house.Begin(SaslMechanism.XOAuth2);
        Assert.Equal($$"""{{old}} challenge {"status":"400","schemes":"Bearer"}""", _house.Say(old, $"user=ann@a.test\u0001auth=Bearer {Token(_other)}\u0001\u0001"));
        Assert.Equal($"{old} Refused", _house.Say(old, ""));
    }

    [Fact]
    public void TokenOfAnother_LetsNobodyActAsOne()
    {
        var exchange = _house.Begin(SaslMechanism.XOAuth2);
        Assert.StartsWith($"{exchange} challenge ", _house.Say(exchange, $"user=bob@a.test\u0001auth=Bearer {Token()}\u0001\u0001"), StringComparison.Ordinal);
        Assert.Equal($"{exchange} Refused", _house.Say(exchange, ""));
    }

    [Fact]
    public void TokenThatHasEnded_IsRefused()
    {
        var token = Token();
        _house.Clock.Advance(TimeSpan.FromMinutes(11) + TimeSpan.FromSeconds(1));
        Assert.Equal("Refused", Bearer(token));
    }

    [Fact]
    public void KeysThatAreReplaced_CountAtOnce()
    {
        Put(_other);
        Assert.Equal("Refused", Bearer(Token()));
        Assert.Equal("LoggedIn ann@a.test", Bearer(Token(_other)));
    }

    [Theory]
    [InlineData("nonsense", "it is no set of keys (RFC 7517)")]
    [InlineData("""{"keys":[]}""", "it has no key for RS256 or ES256")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA"}]}""", "it has no key for RS256 or ES256")]
    public void KeysThatCantBeRead_LeaveTheOldOnesInForce(string text, string reason)
    {
        Put(text);
        Assert.Equal("LoggedIn ann@a.test", Bearer(Token()));
        Assert.Contains($"token-keys-unreadable reason=\"{reason}\" stay=the-old", _house.Log.ToString(), StringComparison.Ordinal);
        _house.Open();
        Assert.Equal("Unavailable", Bearer(Token()));
    }

    [Fact]
    public void KeysThatAreTakenAway_LetNobodyIn()
    {
        File.Delete(_house.TokenKeys!);
        Assert.Equal("Unavailable", Bearer(Token()));
        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
    }

    [Fact]
    public void WithoutKeys_ThereIsNoSuchMechanism()
    {
        _house.TokenKeys = null;
        _house.Open();
        Assert.Equal("Unsupported", Bearer(Token()));
    }

    private string Bearer(string token) => Say(SaslMechanism.OAuthBearer, $"n,a=ann@a.test,\u0001host=mx.a.test\u0001port=465\u0001auth=Bearer {token}\u0001\u0001", "\u0001");

    private string Old(string token, string name = "ann@a.test") => Say(SaslMechanism.XOAuth2, $"user={name}\u0001auth=Bearer {token}\u0001\u0001", "");

    private string Say(SaslMechanism mechanism, string message, string acknowledgement)
    {
        var before = _house.Answers.Count;
        var exchange = _house.Begin(mechanism);
        var answer = _house.Answers.Count > before ? _house.Answers[^1] : _house.Say(exchange, message);
        if (answer.StartsWith($"{exchange} challenge", StringComparison.Ordinal)) answer = _house.Say(exchange, acknowledgement);
        return answer[$"{exchange} ".Length..];
    }

    private string Token(ECDsa? key = null, string name = "ann@a.test")
    {
        var end = _house.Clock.GetUtcNow().ToUnixTimeSeconds() + 600;
        var signed = Url("""{"alg":"ES256"}""") + "." + Url($$"""{"iss":"https://id.test","aud":"mail.a.test","email":"{{name}}","exp":{{end}}}""");
        return $"{signed}.{Base64Url.EncodeToString((key ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Url(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private void Put(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        Put($$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""");
    }

    private void Put(string text)
    {
        File.WriteAllText(_house.TokenKeys + ".new", text);
        File.Move(_house.TokenKeys + ".new", _house.TokenKeys!, overwrite: true);
    }
}
