using Postern.Acme.Answers;
using Postern.Acme.Issuance;
using Postern.Acme.Protocol;
using Postern.Acme.Tests.Harness;
using Postern.Acme.Tests.Protocol;
using Postern.Ipc.Issuance;

namespace Postern.Acme.Tests.Issuance;

/// <summary>One certificate, from the order to its handing in, and all that can go wrong on the way.</summary>
public sealed class CertificateOrderTests
{
    private const string Token = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
    private const string Chain = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    private const int MaxLooks = 60;

    private readonly ScriptedWeb _web = new();
    private readonly ScriptedSigner _signer = new();
    private readonly CountedPause _pause = new();
    private readonly ChallengeAnswers _answers = new();
    private readonly AcmeClient _client;
    private readonly Dictionary<string, string?> _answersAt = [];

    public CertificateOrderTests()
    {
        _client = new AcmeClient(_web, _signer);
        _web.On("directory", AcmeClientTests.Directory).On("nonce").On("account", "{}", 201, "account/7");
        _web.OnAsked = name => _answersAt[name] = _answers.Find(Token);
    }

    [Fact]
    public async Task Certificate_IsOrderedShownFinishedAndHandedIn()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("pending")).On("authz/1", Authorization("valid")).On("chall/1", "{}")
            .On("order/1", Order("ready")).On("order/1", Order("valid", certificate: "cert/1")).On("finish/1", Order("processing")).On("cert/1", Chain);
        Assert.True(await Run(), _client.Problem);
        Assert.Equal([Chain], _signer.Chains);
        string[] expected =
        [
            "directory -", "account Account", "order Order", "authz/1 Read", "chall/1 Challenge", "authz/1 Read", "order/1 Read", "finish/1 Finish", "order/1 Read", "cert/1 Read",
        ];
        Assert.Equal(expected, _web.Asked.Where(asked => asked != "nonce").Select(asked => asked.Split(' ')).Select(words => $"{words[0]} {words.ElementAtOrDefault(1) ?? "-"}"));
        Assert.Empty(_pause.Waits);
        // It is there when the authority is told to look, and not before or afterwards.
        Assert.Null(_answersAt["order"]);
        Assert.Equal($"{Token}.{ScriptedSigner.Thumbprint}", _answersAt["chall/1"]);
        Assert.Equal($"{Token}.{ScriptedSigner.Thumbprint}", _answersAt["authz/1"]);
        Assert.Null(_answersAt["order/1"]);
        Assert.Null(_answers.Find(Token));
    }

    [Fact]
    public async Task NameThatIsShownAlready_IsNotShownAgain()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("valid")).On("order/1", Order("ready"))
            .On("order/1", Order("valid", certificate: "cert/1")).On("finish/1").On("cert/1", Chain);
        Assert.True(await Run(), _client.Problem);
        Assert.Equal(0, _web.Count("chall/1"));
    }

    [Fact]
    public async Task OrderThatIsValidAlready_IsNotFinishedAgain()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("valid")).On("order/1", Order("valid", certificate: "cert/1")).On("cert/1", Chain);
        Assert.True(await Run(), _client.Problem);
        Assert.Equal(0, _web.Count("finish/1"));
        Assert.Equal([Chain], _signer.Chains);
    }

    [Fact]
    public async Task EveryName_IsShown()
    {
        _web.On("order", Order("pending", 3), 201, "order/1").On("order/1", Order("ready", 3)).On("order/1", Order("valid", 3, "cert/1")).On("finish/1").On("cert/1", Chain);
        for (var number = 1; number <= 3; number++)
        {
            _web.On($"authz/{number}", Authorization("pending", number)).On($"authz/{number}", Authorization("valid", number)).On($"chall/{number}", "{}");
        }

        Assert.True(await Run(), _client.Problem);
        Assert.All([1, 2, 3], number => Assert.Equal(1, _web.Count($"chall/{number}")));
    }

    [Fact]
    public async Task OneNameThatIsNotBelieved_IsTheEndForAll()
    {
        Shown(Authorization("invalid", fault: "connection refused"), names: 2);
        Assert.False(await Run());
        Assert.Equal("the authority does not believe that mx.example.org is ours: connection refused", _client.Problem);
        Assert.Equal(0, _web.Count("authz/2"));
        DemandNothingLeft();
    }

    [Fact]
    public async Task NameThatIsNotBelieved_WithoutWords_IsToldByItsStatus()
    {
        Shown(Authorization("deactivated"));
        Assert.False(await Run());
        Assert.Equal("the authority does not believe that mx.example.org is ours: deactivated", _client.Problem);
        DemandNothingLeft();
    }

    [Fact]
    public async Task AuthorityThatNeverLooks_IsAskedABoundedNumberOfTimes()
    {
        Shown(Authorization("pending"));
        Assert.False(await Run());
        Assert.Equal("the authority does not look whether the names are ours", _client.Problem);
        Assert.Equal(1 + MaxLooks, _web.Count("authz/1"));
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(2), MaxLooks), _pause.Waits);
        DemandNothingLeft();
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(5, 5)]
    [InlineData(60, 60)]
    [InlineData(86_400, 60)]
    public async Task WaitThatTheAuthorityAsksFor_HasItsLimits(int asked, int waited)
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("pending")).On("authz/1", Authorization("pending"), retry: asked).On("authz/1", Authorization("invalid")).On("chall/1", "{}");
        Assert.False(await Run());
        Assert.Equal([TimeSpan.FromSeconds(waited)], _pause.Waits);
    }

    [Theory]
    [InlineData("pending", "[{\"type\":\"dns-01\",\"url\":\"https://ca.test/chall/1\",\"token\":\"t\"}]")]
    [InlineData("pending", "[]")]
    [InlineData("pending", "7")]
    [InlineData("pending", "[{\"type\":\"http-01\"}]")]
    [InlineData("expired", "[]")]
    [InlineData("revoked", "[{\"type\":\"http-01\",\"url\":\"https://ca.test/chall/1\",\"token\":\"t\"}]")]
    public async Task NameThatIsNotLookedAtByHttp_CanNotBeShown(string status, string challenges)
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", $$"""{"status":"{{status}}","identifier":{"type":"dns","value":"mx.example.org"},"challenges":{{challenges}}}""");
        Assert.False(await Run());
        Assert.Equal($"the authority does not look by HTTP whether mx.example.org is ours ({status})", _client.Problem);
        Assert.Equal(0, _web.Count("chall/1"));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("\\r\\nSet-Cookie: x")]
    [InlineData("\\u0000")]
    [InlineData("\\ud800")]
    [InlineData("\u00fc")]
    [InlineData("")]
    public async Task TokenOfOtherLetters_IsNotAnsweredFor(string token)
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("pending").Replace(Token, token, StringComparison.Ordinal));
        Assert.False(await Run());
        // Half a surrogate is no text at all, and so no token.
        Assert.Equal("what the authority wants to see can't be read", _client.Problem);
        Assert.Equal(0, _web.Count("chall/1"));
    }

    [Fact]
    public async Task ChallengeThatIsRefused_LeavesNoAnswerBehind()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("pending")).Refuses("chall/1", "malformed", "no such challenge");
        Assert.False(await Run());
        Assert.Equal("the authority refuses: no such challenge (malformed)", _client.Problem);
        DemandNothingLeft();
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    public async Task AuthorizationThatBecomesNonsense_LeavesNoAnswerBehind(string body)
    {
        Shown(body);
        Assert.False(await Run());
        Assert.Equal("what the authority wants to see can't be read", _client.Problem);
        DemandNothingLeft();
    }

    [Fact]
    public async Task AuthorityThatDiesMeanwhile_LeavesNoAnswerBehind()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("pending")).Fails("authz/1", "no connection to ca.test").On("chall/1", "{}");
        Assert.False(await Run());
        Assert.Equal("no connection to ca.test", _client.Problem);
        DemandNothingLeft();
    }

    [Theory]
    [InlineData("", "order/1")]
    [InlineData("{\"status\":\"pending\"}", "order/1")]
    [InlineData("ORDER", null)]
    [InlineData("ORDER", "or der")]
    public async Task OrderThatCanNotBeRead_IsSaid(string body, string? location)
    {
        _web.On("order", body == "ORDER" ? Order("pending") : body, 201, location);
        Assert.False(await Run());
        Assert.Equal("what the authority says of the order can't be read", _client.Problem);
    }

    [Fact]
    public async Task OrderThatIsRefused_IsToldInTheAuthoritysWords()
    {
        _web.Refuses("order", "rejectedIdentifier", "not that name", retry: 7200);
        Assert.False(await Run());
        Assert.Equal("the authority refuses: not that name (rejectedIdentifier)", _client.Problem);
        Assert.Equal(TimeSpan.FromHours(2), _client.RetryAfter);
    }

    [Theory]
    [InlineData(",\"error\":{\"type\":\"x\",\"detail\":\"CAA forbids it\"}", "the authority makes no certificate: CAA forbids it")]
    [InlineData("", "the authority makes no certificate")]
    public async Task OrderThatBecomesInvalid_IsTheEnd(string error, string problem)
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("valid")).On("finish/1").On("order/1", Order("ready")).On("order/1", Order("invalid")[..^1] + error + "}");
        Assert.False(await Run());
        Assert.Equal(problem, _client.Problem);
        Assert.Empty(_signer.Chains);
    }

    [Fact]
    public async Task OrderThatNeverBecomesReady_IsLookedAtABoundedNumberOfTimes()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("valid")).On("order/1", Order("pending"));
        Assert.False(await Run());
        Assert.Equal("the order does not become ready", _client.Problem);
        Assert.Equal(MaxLooks, _web.Count("order/1"));
        Assert.Equal(MaxLooks, _pause.Waits.Count);
        Assert.Equal(0, _web.Count("finish/1"));
    }

    [Fact]
    public async Task OrderThatIsNeverDone_IsLookedAtABoundedNumberOfTimes()
    {
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("valid")).On("order/1", Order("ready")).On("order/1", Order("processing")).On("finish/1");
        Assert.False(await Run());
        Assert.Equal("the order does not become valid", _client.Problem);
        Assert.Equal(1 + MaxLooks, _web.Count("order/1"));
        Assert.Equal(1, _web.Count("finish/1"));
    }

    [Fact]
    public async Task CertificateWithoutAPlace_IsSaid()
    {
        Made(certificate: null);
        Assert.False(await Run());
        Assert.Equal("the authority made a certificate and does not say where it is", _client.Problem);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(ChainFrame.MaxChain, true)]
    [InlineData(ChainFrame.MaxChain + 1, false)]
    public async Task ChainOfAnyLength_HasItsLimits(int length, bool isTaken)
    {
        Made("cert/1");
        _web.On("cert/1", new string('x', length));
        Assert.Equal(isTaken, await Run());
        Assert.Equal(isTaken ? string.Empty : "the certificate is too long, or empty", _client.Problem);
        Assert.Equal(isTaken ? 1 : 0, _signer.Chains.Count);
    }

    [Fact]
    public async Task CertificateThatIsGone_IsSaid()
    {
        Made("cert/1");
        _web.Refuses("cert/1", "malformed", "gone");
        Assert.False(await Run());
        Assert.Equal("the authority refuses: gone (malformed)", _client.Problem);
    }

    [Fact]
    public async Task CertificateThatTlsRefuses_IsAFailure()
    {
        Made("cert/1");
        _web.On("cert/1", Chain);
        _signer.AfterChain = ScriptedSigner.Due(0);
        Assert.False(await Run());
        Assert.Equal("postern-tls does not take the certificate, and says why in its log", _client.Problem);
        _signer.AfterChain = null;
        Assert.False(await Run());
        Assert.Equal("postern-tls ended meanwhile", _client.Problem);
    }

    private static string Order(string status, int names = 1, string? certificate = null) =>
        $$"""{"status":"{{status}}","authorizations":[{{string.Join(',', Enumerable.Range(1, names).Select(number => $"\"https://ca.test/authz/{number}\""))}}],"finalize":"https://ca.test/finish/1"{{(certificate is null ? "" : $",\"certificate\":\"https://ca.test/{certificate}\"")}}}""";

    private static string Authorization(string status, int number = 1, string? fault = null) =>
        $$$"""
        {"status":"{{{status}}}","identifier":{"type":"dns","value":"mx.example.org"},"challenges":[{"type":"dns-01","url":"https://ca.test/d","token":"d"},
        {"type":"http-01","status":"pending","url":"https://ca.test/chall/{{{number}}}","token":"{{{Token}}}"{{{(fault is null ? "" : $",\"error\":{{\"type\":\"x\",\"detail\":\"{fault}\"}}")}}}}]}
        """;

    private void Shown(string afterwards, int names = 1) =>
        _web.On("order", Order("pending", names), 201, "order/1").On("authz/1", Authorization("pending")).On("authz/1", afterwards).On("chall/1", "{}");

    private void Made(string? certificate) =>
        _web.On("order", Order("pending"), 201, "order/1").On("authz/1", Authorization("valid")).On("order/1", Order("valid", certificate: certificate));

    private void DemandNothingLeft()
    {
        Assert.NotNull(_answersAt["chall/1"]);
        Assert.Null(_answers.Find(Token));
        Assert.Empty(_signer.Chains);
    }

    private ValueTask<bool> Run() => new CertificateOrder(_client, _signer, _answers, _pause).RunAsync(ScriptedWeb.Place("directory"), ScriptedSigner.Thumbprint);
}
