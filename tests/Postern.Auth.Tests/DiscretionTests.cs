using Postern.Auth.Tests.Harness;
using Postern.Ipc.Logins;
using Postern.Sasl;
using Postern.Sasl.Tests;
using Postern.Text;

namespace Postern.Auth.Tests;

/// <summary>What the record and the log say of an attempt, and what they must not: a user types his password where his name belongs.</summary>
public sealed class DiscretionTests : IDisposable
{
    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"));

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("my-Password1")]
    [InlineData("correct horse battery staple")]
    [InlineData("ann@a.test,secret")]
    [InlineData("p\u00e4ss")]
    public void WhatIsNobodysName_IsNotWrittenDown(string typed)
    {
        Assert.Equal("Refused", _house.LogIn(typed, "secret"));
        Assert.Equal("Refused", _house.LogIn(typed, "secret"));
        Assert.Equal("Refused", _house.LogIn(typed + "2", "secret"));
        var kept = Kept();
        Assert.All(kept, attempt => Assert.Equal("", attempt.Name));
        // The same is seen to be the same, and what it was is not.
        Assert.All(kept, attempt => Assert.Matches("^unknown [0-9a-f]{8}$", attempt.Detail));
        Assert.Equal(kept[0].Detail, kept[1].Detail);
        Assert.NotEqual(kept[0].Detail, kept[2].Detail);
        foreach (var text in new[] { _house.Log.ToString(), File.ReadAllText(Path.Join(_house.Folder, "attempts")) })
        {
            Assert.DoesNotContain(typed[..4], text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(kept[0].Detail, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DigestOfWhatIsNobodysName_IsAnotherAfterARestart()
    {
        // Else whoever has the log could try passwords at it.
        _ = _house.LogIn("my-password", "x");
        _house.Open();
        _ = _house.LogIn("my-password", "x");
        Assert.NotEqual(Kept()[0].Detail, Kept()[1].Detail);
    }

    [Fact]
    public void NameOfAnAccount_IsWrittenDown_AlsoWhenItIsTriedTooOften()
    {
        for (var i = 0; i < 9; i++) _ = _house.LogIn("ANN@a.test", "wrong", "203.0.113.9");
        Assert.All(Kept(), attempt => Assert.Equal("ann@a.test", attempt.Name));
        Assert.Equal(LoginOutcome.Limited, Kept()[^1].Outcome);
        _ = _house.LogIn("nobody@a.test", "x", "203.0.113.9");
        Assert.DoesNotContain("nobody", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("*")]
    [InlineData("nonsense")]
    public void PasswordThatWasRight_IsNoSecretTry(string end)
    {
        // Whoever has a stolen password could try it out without its owner seeing a login.
        var client = new ScramClient("ann@a.test", "secret");
        var exchange = _house.Begin(SaslMechanism.ScramSha256);
        var challenge = _house.Say(exchange, client.First)[$"{exchange} challenge ".Length..];
        var farewell = _house.Say(exchange, client.Final(challenge));
        Assert.Equal($"{exchange} challenge {client.Farewell}", farewell);
        if (end == "gone") _house.Open();
        else if (end == "*") _house.End(exchange);
        else Assert.Equal($"{exchange} Malformed", _house.Say(exchange, end));
        var kept = Assert.Single(Kept());
        Assert.Equal("unconfirmed", LoginRecord.NameOf(kept.Outcome));
        Assert.Equal("ann@a.test", kept.Name);
        Assert.False(_house.Book.IsKnown("ann@a.test", new ClientNetwork(kept.Address)));
    }

    [Theory]
    [InlineData("nobody@a.test", "wrong")]
    [InlineData("nobody@a.test", "secret")]
    [InlineData("../../etc/passwd", "wrong")]
    [InlineData("", "tab\t")]
    public void NameThatNobodyHas_CostsAndSaysWhatAWrongPasswordDoes(string name, string password)
    {
        var (expected, cost) = Measured("ann@a.test", "wrong");
        Assert.True(cost > 0);
        Assert.Equal((expected, cost), Measured(name, password));
    }

    [Fact]
    public void WrongPasswordThatIsGivenUp_IsAGuess()
    {
        for (var i = 0; i < 8; i++)
        {
            var exchange = _house.Begin(SaslMechanism.ScramSha256);
            _ = _house.Say(exchange, new ScramClient("ann@a.test", "wrong").First);
            _house.End(exchange);
        }

        Assert.All(Kept(), attempt => Assert.Equal(LoginOutcome.Abandoned, attempt.Outcome));
        Assert.Equal("Later", _house.LogIn("ann@a.test", "secret"));
    }

    [Fact]
    public void RightPasswordWhoseLoginIsGivenUp_IsNone()
    {
        for (var i = 0; i < 20; i++)
        {
            var client = new ScramClient("ann@a.test", "secret");
            var exchange = _house.Begin(SaslMechanism.ScramSha256);
            var challenge = _house.Say(exchange, client.First)[$"{exchange} challenge ".Length..];
            _ = _house.Say(exchange, client.Final(challenge));
            _house.End(exchange);
        }

        Assert.Equal("LoggedIn ann@a.test", _house.LogIn("ann@a.test", "secret"));
    }

    // Frames that came back, and the iterations that were done for them.
    private (string Answers, long Cost) Measured(string name, string password)
    {
        var (answers, cost) = (_house.Answers.Count, ScramKeys.IterationsHere);
        _ = _house.LogIn(name, password);
        return (string.Join('|', _house.Answers.Skip(answers).Select(answer => answer[answer.IndexOf(' ', StringComparison.Ordinal)..])), ScramKeys.IterationsHere - cost);
    }

    private List<LoginRecord> Kept() => LoginHistory.Read(File.ReadAllBytes(Path.Join(_house.Folder, "attempts")));
}
