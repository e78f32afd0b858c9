using Postern.Acme.Protocol;
using Postern.Acme.Tests.Harness;
using Postern.Acme.Web;
using Postern.Ipc.Issuance;

namespace Postern.Acme.Tests.Protocol;

/// <summary>Signed requests, their nonces, and what an authority says against them.</summary>
public sealed class AcmeClientTests
{
    internal const string Directory = """{"newNonce":"https://ca.test/nonce","newAccount":"https://ca.test/account","newOrder":"https://ca.test/order","meta":{}}""";

    private readonly ScriptedWeb _web = new();
    private readonly ScriptedSigner _signer = new();
    private readonly AcmeClient _client;

    public AcmeClientTests() => _client = new AcmeClient(_web, _signer);

    [Fact]
    public async Task Account_IsMadeFirst_AndNamedFromThenOn()
    {
        await Begin();
        Assert.Equal("https://ca.test/order", _client.NewOrder.Text);
        // The first nonce is fetched; later ones come with the answers.
        Assert.Equal(["directory", "nonce", "account Account nonce2 -"], _web.Asked);
        _web.On("x", "there");
        Assert.Equal("there"u8.ToArray(), (await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")))!.Body);
        Assert.Matches("^x Read nonce[0-9]+ account/7$", _web.Asked[^1]);
    }

    [Fact]
    public async Task Nonce_IsUsedOnce()
    {
        await Begin();
        _web.On("x");
        for (var asked = 0; asked < 10; asked++)
        {
            Assert.NotNull(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        }

        var nonces = _web.Asked.Where(asked => asked.Contains(" nonce", StringComparison.Ordinal)).Select(asked => asked.Split(' ')[2]).ToArray();
        Assert.Equal(11, nonces.Length);
        Assert.Equal(nonces, nonces.Distinct());
        Assert.InRange(_web.Count("nonce"), 0, 1);
    }

    [Fact]
    public async Task NonceThatIsNotLiked_IsFollowedByAFreshOne()
    {
        await Begin();
        _web.Refuses("x", "badNonce").Refuses("x", "badNonce").On("x", "there", nonce: "n3");
        Assert.NotNull(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.Equal(3, _web.Asked.Count(asked => asked.StartsWith("x Read", StringComparison.Ordinal)));
        Assert.Equal(3, _web.Asked.Where(asked => asked.StartsWith("x Read", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public async Task AuthorityThatLikesNoNonce_IsLeftAlone()
    {
        await Begin();
        _web.Refuses("x", "badNonce");
        Assert.Null(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.Equal(20, _web.Count("x"));
        Assert.Equal("the authority likes none of its own nonces", _client.Problem);
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a b")]
    [InlineData("a=")]
    [InlineData("a+/")]
    [InlineData("\u00e9")]
    [InlineData("a\r\nb")]
    [InlineData("")]
    [InlineData(null)]
    public async Task NonceOfOtherLetters_IsNotUsed(string? nonce)
    {
        await Begin();
        _web.GivesNonces = false;
        _web.On("x", nonce: nonce);
        Assert.NotNull(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        var before = _web.Asked.Count;
        _web.GivesNonces = true;
        _web.On("y");
        Assert.NotNull(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("y")));
        Assert.Equal("nonce", _web.Asked[before]);
        Assert.Matches("^y Read nonce[0-9]+ account/7$", _web.Asked[before + 1]);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task NonceOfAnyLength_HasALimit(int length, bool isTaken)
    {
        await Begin();
        _web.On("x", nonce: new string('n', length)).On("y");
        Assert.NotNull(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.NotNull(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("y")));
        Assert.Equal(isTaken, _web.Asked[^1].Contains(new string('n', length), StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoNonceAtAll_IsTheEnd()
    {
        _web.GivesNonces = false;
        _web.On("directory", Directory).On("nonce", code: 204);
        Assert.False(await _client.BeginAsync(ScriptedWeb.Place("directory")));
        Assert.Equal("the authority gives no nonce", _client.Problem);
        Assert.Equal(["directory", "nonce"], _web.Asked);
    }

    [Fact]
    public async Task PlaceOfNoncesThatIsDead_IsSaid()
    {
        _web.GivesNonces = false;
        _web.On("directory", Directory).Fails("nonce", "no connection to ca.test");
        Assert.False(await _client.BeginAsync(ScriptedWeb.Place("directory")));
        Assert.Equal("no connection to ca.test", _client.Problem);
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "not even JSON")]
    [InlineData(404, Directory)]
    [InlineData(500, "")]
    public async Task DirectoryThatIsNone_IsSaid(int code, string body)
    {
        _web.On("directory", body, code);
        Assert.False(await _client.BeginAsync(ScriptedWeb.Place("directory")));
        Assert.Equal("https://ca.test/directory is no directory of an authority", _client.Problem);
    }

    [Fact]
    public async Task DirectoryThatCanNotBeReached_IsSaid()
    {
        _web.Fails("directory", "no address of ca.test is known");
        Assert.False(await _client.BeginAsync(ScriptedWeb.Place("directory")));
        Assert.Equal("no address of ca.test is known", _client.Problem);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ftp://ca.test/a")]
    [InlineData("https://ca.test/a\"b")]
    [InlineData("/account/7")]
    public async Task AccountWithoutAPlace_IsNoAccount(string? location)
    {
        _web.On("directory", Directory).On("nonce");
        _web.Script("account", new WebReply(201, "{}"u8.ToArray(), null, location, null));
        Assert.False(await _client.BeginAsync(ScriptedWeb.Place("directory")));
        Assert.Equal("the authority made an account and does not say where", _client.Problem);
    }

    [Fact]
    public async Task Refusal_IsToldInTheAuthoritysWords()
    {
        await Begin();
        _web.Refuses("x", "rateLimited", "come back later", retry: 7200);
        Assert.Null(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.Equal("the authority refuses: come back later (rateLimited)", _client.Problem);
        Assert.Equal(TimeSpan.FromHours(2), _client.RetryAfter);
        Assert.Equal(1, _web.Count("x"));
    }

    [Theory]
    [InlineData(503, "<html>busy</html>")]
    [InlineData(302, "")]
    [InlineData(404, "{}")]
    [InlineData(199, "{\"type\":7}")]
    public async Task RefusalWithoutWords_IsTold_AndItsTimeKept(int code, string body)
    {
        await Begin();
        _web.On("x", body, code, retry: 3600);
        Assert.Null(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.Equal($"the authority answered with {code}", _client.Problem);
        Assert.Equal(TimeSpan.FromHours(1), _client.RetryAfter);
    }

    [Fact]
    public async Task DirectoryThatIsBusy_SaysForHowLong()
    {
        _web.On("directory", "busy", 503, retry: 3600);
        Assert.False(await _client.BeginAsync(ScriptedWeb.Place("directory")));
        Assert.Equal(TimeSpan.FromHours(1), _client.RetryAfter);
    }

    [Fact]
    public async Task TimeThatAnEarlierRefusalAskedFor_IsNotThatOfALaterOne()
    {
        await Begin();
        _web.Refuses("x", "rateLimited", retry: 7200).Fails("y", "it broke off");
        Assert.Null(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.Null(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("y")));
        Assert.Equal("it broke off", _client.Problem);
        Assert.Null(_client.RetryAfter);
    }

    [Fact]
    public async Task SignerThatSignsNothing_IsSaid()
    {
        await Begin();
        _signer.Signs = false;
        var before = _web.Asked.Count;
        Assert.Null(await _client.AskAsync(SignedPurpose.Read, ScriptedWeb.Place("x")));
        Assert.Equal("postern-tls signs nothing", _client.Problem);
        Assert.DoesNotContain(_web.Asked.Skip(before), asked => asked != "nonce");
    }

    private async Task Begin()
    {
        _web.On("directory", Directory).On("nonce").On("account", "{}", 201, "account/7");
        Assert.True(await _client.BeginAsync(ScriptedWeb.Place("directory")), _client.Problem);
    }
}
