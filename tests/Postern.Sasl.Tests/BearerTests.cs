using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>OAUTHBEARER and XOAUTH2, with tokens of one letter.</summary>
public sealed class BearerTests
{
    [Theory]
    // RFC 7628 §4.1.
    [InlineData("n,a=u@a.test,\u0001host=server.example.com\u0001port=143\u0001auth=Bearer T\u0001\u0001", SaslFailure.None)]
    [InlineData("n,,\u0001auth=Bearer T\u0001\u0001", SaslFailure.None)]
    [InlineData("y,,\u0001auth=bearer   T\u0001\u0001", SaslFailure.None)]
    [InlineData("n,,\u0001auth=Bearer T\u0001", SaslFailure.Malformed)]
    [InlineData("n,,auth=Bearer T\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,,\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,,\u0001auth=Basic T\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,,\u0001auth=Bearer \u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,,\u0001auth=Bearer T\u0001auth=Bearer X\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,,\u0001port\u0001auth=Bearer T\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,,\u0001auth=Bearer T\u0001\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("p=tls-exporter,,\u0001auth=Bearer T\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("n,a=u=,\u0001auth=Bearer T\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("", SaslFailure.Malformed)]
    public void OAuthBearer_IsJudged(string message, SaslFailure failure) => Assert.Equal(failure, Begin(isOld: false).Next(Encoding.UTF8.GetBytes(message)).Failure);

    [Theory]
    [InlineData("user=u@a.test\u0001auth=Bearer T\u0001\u0001", SaslFailure.None)]
    [InlineData("user=\u0001auth=Bearer T\u0001\u0001", SaslFailure.None)]
    [InlineData("user=u@a.test\u0001auth=Bearer T\u0001", SaslFailure.Malformed)]
    [InlineData("u@a.test\u0001auth=Bearer T\u0001\u0001", SaslFailure.Malformed)]
    [InlineData("user=u@a.test", SaslFailure.Malformed)]
    public void XOAuth2_IsJudged(string message, SaslFailure failure) => Assert.Equal(failure, Begin(isOld: true).Next(Encoding.UTF8.GetBytes(message)).Failure);

    [Theory]
    [InlineData(false, "n,a=u@a.test,\u0001auth=Bearer X\u0001\u0001", SaslFailure.Refused)]
    [InlineData(false, "n,a=v@a.test,\u0001auth=Bearer T\u0001\u0001", SaslFailure.NotAuthorized)]
    [InlineData(true, "user=u@a.test\u0001auth=Bearer X\u0001\u0001", SaslFailure.Refused)]
    [InlineData(true, "user=v@a.test\u0001auth=Bearer T\u0001\u0001", SaslFailure.NotAuthorized)]
    public void ATokenThatDoesNotHold_IsExplainedFirst(bool isOld, string message, SaslFailure failure)
    {
        var exchange = Begin(isOld);
        var step = exchange.Next(Encoding.UTF8.GetBytes(message));
        Assert.True(step.GoesOn);
        using var json = System.Text.Json.JsonDocument.Parse(step.Challenge);
        Assert.Equal(isOld ? "400" : "invalid_token", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(failure, exchange.Next([1]).Failure);
        // Not even with the right one.
        Assert.Equal(failure, exchange.Next("n,,\u0001auth=Bearer T\u0001\u0001"u8).Failure);
    }

    [Fact]
    public void AToken_StandsForItsAccount() => Assert.Equal(new Login("u@a.test", ""), Begin(isOld: false).Next("n,,\u0001auth=Bearer T\u0001\u0001"u8).Login);

    private static BearerExchange Begin(bool isOld) => new(new OneToken(), isOld);

    private sealed class OneToken : ITokens
    {
        public bool TryVerify(ReadOnlySpan<byte> token, [NotNullWhen(true)] out string? name)
        {
            name = token.SequenceEqual("T"u8) ? "u@a.test" : null;
            return name is not null;
        }
    }
}
