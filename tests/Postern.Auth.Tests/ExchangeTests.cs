using Postern.Auth.Tests.Harness;
using Postern.Ipc.Logins;
using Postern.Sasl;
using Postern.Sasl.Tests;

namespace Postern.Auth.Tests;

/// <summary>What smtpd asks in a client's name, and the answer: yes with a name, or no without a reason (D2, D3, D5, D8).</summary>
public sealed class ExchangeTests : IDisposable
{
    private readonly AuthHouse _house = new(("ann@a.test", "", "secret"), ("ann@a.test", "phone", "other"), ("bob@a.test", "", "his own"));

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("ann@a.test", "secret", "LoggedIn ann@a.test")]
    [InlineData("ANN@A.test", "secret", "LoggedIn ann@a.test")]
    [InlineData("ann@a.test", "other", "LoggedIn ann@a.test")]
    [InlineData("bob@a.test", "his own", "LoggedIn bob@a.test")]
    [InlineData("bob@a.test", "secret", "Refused")]
    [InlineData("ann@a.test", "Secret", "Refused")]
    [InlineData("ann@a.test", "", "Refused")]
    [InlineData("", "", "Refused")]
    [InlineData("nobody@a.test", "secret", "Refused")]
    [InlineData("../../etc/passwd", "secret", "Refused")]
    [InlineData("u/../v", "secret", "Refused")]
    [InlineData("ann@a.test\n", "secret", "Refused")]
    [InlineData("*)(uid=*", "secret", "Refused")]
    [InlineData("' OR 1=1--", "secret", "Refused")]
    [InlineData("%u", "secret", "Refused")]
    [InlineData("ann@a.test", "secret\n", "Refused")]
    public void Plain_IsJudged(string name, string password, string verdict) => Assert.Equal(verdict, _house.LogIn(name, password));

    [Theory]
    [InlineData("ann@a.test\0secret", "Malformed")]
    [InlineData("\0ann@a.test\0secret\0", "Malformed")]
    [InlineData("", "Malformed")]
    [InlineData("bob@a.test\0ann@a.test\0secret", "Refused")]
    [InlineData("ann@a.test\0ann@a.test\0secret", "LoggedIn ann@a.test")]
    public void PlainMessage_HasThreeParts(string message, string verdict)
    {
        var exchange = _house.Begin(SaslMechanism.Plain);
        Assert.Equal($"{exchange} {verdict}", _house.Say(exchange, message));
    }

    [Fact]
    public void Login_AsksTwice()
    {
        var exchange = _house.Begin(SaslMechanism.Login, hasMessage: false);
        Assert.Equal([$"{exchange} challenge Username:"], _house.Answers);
        Assert.Equal($"{exchange} challenge Password:", _house.Say(exchange, "ann@a.test"));
        Assert.Equal($"{exchange} LoggedIn ann@a.test", _house.Say(exchange, "secret"));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("other")]
    public void Scram_ShowsBothSides(string password)
    {
        var client = new ScramClient("ann@a.test", password);
        var exchange = _house.Begin(SaslMechanism.ScramSha256);
        var challenge = _house.Say(exchange, client.First)[$"{exchange} challenge ".Length..];
        var farewell = _house.Say(exchange, client.Final(challenge));
        Assert.Equal($"{exchange} challenge {client.Farewell}", farewell);
        Assert.Equal($"{exchange} LoggedIn ann@a.test", _house.Say(exchange, ""));
    }

    [Theory]
    [InlineData("tls-exporter", "e", "e", "", true)]
    [InlineData("tls-server-end-point", "p", "", "p", true)]
    // Another connection's.
    [InlineData("tls-exporter", "x", "e", "", false)]
    [InlineData("tls-server-end-point", "e", "e", "p", false)]
    public void ScramPlus_IsBoundToTheConnection(string name, string said, string exporter, string endPoint, bool isGood)
    {
        var client = new ScramClient("ann@a.test", "secret", $"p={name},,", [(byte)said[0]]);
        var exchange = _house.Begin(
            SaslMechanism.ScramSha256Plus,
            exporter: System.Text.Encoding.ASCII.GetBytes(exporter),
            endPoint: System.Text.Encoding.ASCII.GetBytes(endPoint));
        var challenge = _house.Say(exchange, client.First)[$"{exchange} challenge ".Length..];
        var answer = _house.Say(exchange, client.Final(challenge));
        Assert.Equal(isGood ? $"{exchange} challenge {client.Farewell}" : $"{exchange} Refused", answer);
    }

    [Fact]
    public void UnknownName_GetsTheSameSaltEachTime()
    {
        string Salt(string name)
        {
            var exchange = _house.Begin(SaslMechanism.ScramSha256);
            return _house.Say(exchange, new ScramClient(name, "x").First).Split(',').Single(part => part.StartsWith("s=", StringComparison.Ordinal));
        }

        Assert.Equal(Salt("nobody@a.test"), Salt("nobody@a.test"));
        Assert.NotEqual(Salt("nobody@a.test"), Salt("nobody2@a.test"));
        Assert.Equal(Salt("ann@a.test").Length, Salt("nobody@a.test").Length);
    }

    [Fact]
    public void ExchangesBesideEachOther_AreNotMixedUp()
    {
        // D11: each answer carries the number that it is for.
        var ann = _house.Begin(SaslMechanism.Login, hasMessage: false);
        var bob = _house.Begin(SaslMechanism.Login, hasMessage: false);
        _ = _house.Say(ann, "ann@a.test");
        _ = _house.Say(bob, "bob@a.test");
        Assert.Equal($"{bob} Refused", _house.Say(bob, "secret"));
        Assert.Equal($"{ann} LoggedIn ann@a.test", _house.Say(ann, "secret"));
    }

    [Fact]
    public void ExchangeThatIsOver_HearsNothing()
    {
        var exchange = _house.Begin(SaslMechanism.Plain);
        _house.End(exchange);
        Assert.Equal("", _house.Say(exchange, "\0ann@a.test\0secret"));
        Assert.Equal(0, _house.Desk.OpenCount);
        Assert.False(_house.IsClosed);
    }

    [Fact]
    public void NumberThatIsInUse_IsHostile()
    {
        _ = _house.Begin(SaslMechanism.Login, hasMessage: false, number: 7);
        _ = _house.Begin(SaslMechanism.Login, hasMessage: false, number: 7);
        Assert.True(_house.IsClosed);
        Assert.Contains("peer-refused", _house.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreThanThereIsRoomFor_AreToComeLater()
    {
        for (var i = 0; i < Desk.LoginDesk.MaxOpen; i++) _ = _house.Begin(SaslMechanism.Plain);
        var late = _house.Begin(SaslMechanism.Plain);
        Assert.Equal($"{late} Later", _house.Answers[^1]);
        Assert.Equal(Desk.LoginDesk.MaxOpen, _house.Desk.OpenCount);
    }
}
