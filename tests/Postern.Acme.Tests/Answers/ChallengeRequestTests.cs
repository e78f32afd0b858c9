using System.Text;
using Postern.Acme.Answers;

namespace Postern.Acme.Tests.Answers;

/// <summary>The first line of what comes to the port that authorities look at: anybody's.</summary>
public sealed class ChallengeRequestTests
{
    private const string Right = "GET /.well-known/acme-challenge/";

    [Theory]
    [InlineData(Right + "t HTTP/1.1", "t")]
    [InlineData(Right + "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr_oA HTTP/1.0", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr_oA")]
    [InlineData(Right + "- HTTP/1.9", "-")]
    // Another method, place or protocol.
    [InlineData("HEAD /.well-known/acme-challenge/t HTTP/1.1", null)]
    [InlineData("get /.well-known/acme-challenge/t HTTP/1.1", null)]
    [InlineData("GET http://a.test/.well-known/acme-challenge/t HTTP/1.1", null)]
    [InlineData("GET //.well-known/acme-challenge/t HTTP/1.1", null)]
    [InlineData("GET /.Well-Known/acme-challenge/t HTTP/1.1", null)]
    [InlineData("GET  /.well-known/acme-challenge/t HTTP/1.1", null)]
    [InlineData(Right + "t HTTP/2.0", null)]
    [InlineData(Right + "t HTTP/1.", null)]
    [InlineData(Right + "t HTTP/1.x", null)]
    [InlineData(Right + "t HTTP/1.10", null)]
    [InlineData(Right + "t http/1.1", null)]
    [InlineData(Right + "t  HTTP/1.1", null)]
    [InlineData(Right + "t HTTP/1.1 ", null)]
    [InlineData(Right + "t", null)]
    [InlineData(Right, null)]
    [InlineData("", null)]
    // Tokens that are none.
    [InlineData(Right + " HTTP/1.1", null)]
    [InlineData(Right + "../t HTTP/1.1", null)]
    [InlineData(Right + "t/ HTTP/1.1", null)]
    [InlineData(Right + "t?x HTTP/1.1", null)]
    [InlineData(Right + "%74 HTTP/1.1", null)]
    [InlineData(Right + "t\0 HTTP/1.1", null)]
    [InlineData(Right + "\u00fc HTTP/1.1", null)]
    [InlineData(Right + "t\tHTTP/1.1", null)]
    public void Line_AsksForATokenOrForNothing(string line, string? token) => Assert.Equal(token, ChallengeRequest.TokenOf(Encoding.Latin1.GetBytes(line)));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Token_HasALimit(int length, bool isOne) =>
        Assert.Equal(isOne, ChallengeRequest.TokenOf(Encoding.ASCII.GetBytes($"{Right}{new string('t', length)} HTTP/1.1")) is not null);
}
