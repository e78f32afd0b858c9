using Postern.Web.Http;

namespace Postern.Web.Tests.Http;

/// <summary>The first line and the fields of an answer.</summary>
public sealed class HeaderTests
{
    private const string Type = "Content-Type: text/plain\r\n";
    private const string Body = "\r\nbody";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + Body)]
    [InlineData("HTTP/1.0 200 OK\r\n" + Type + Body)]
    [InlineData("HTTP/1.1 200 \r\n" + Type + Body)]
    // The space is left out by some when no words follow.
    [InlineData("HTTP/1.1 200\r\n" + Type + Body)]
    [InlineData("HTTP/1.1 200 Tr\u00e8s bien\r\n" + Type + Body)]
    [InlineData("HTTP/1.1 200 OK\r\nCONTENT-TYPE:TEXT/Plain \t\r\n" + Body)]
    // Parameters are ignored, right or wrong.
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n" + Body)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain ;x=\"y;z\";;\r\n" + Body)]
    [InlineData("HTTP/1.1 200 OK\r\nServer: x\r\nX-Empty:\r\n!#$%&'*+-.^_`|~1: \u00fc\tx\r\n" + Type + Body)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\n" + Type + Body)]
    // Answers before the answer: their fields say nothing about it.
    [InlineData("HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\nContent-Type: text/html\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + Type + Body)]
    public void AHeader_IsTaken(string text) => Assert.Equal(new(HttpStatus.Done, null, "body", text.Length), Answers.Read(text));

    [Theory]
    // No redirection is followed, and nothing but 200 brings a policy.
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: https://b.test/\r\n" + Type + Body, "answered with 301")]
    [InlineData("HTTP/1.1 304 Not Modified\r\n" + Type + Body, "answered with 304")]
    [InlineData("HTTP/1.1 404 Not Found\r\n" + Type + Body, "answered with 404")]
    [InlineData("HTTP/1.1 204 No Content\r\n" + Type + Body, "answered with 204")]
    [InlineData("HTTP/1.1 206 Partial Content\r\n" + Type + Body, "answered with 206")]
    [InlineData("HTTP/1.1 500 \r\n" + Type + Body, "answered with 500")]
    [InlineData("HTTP/1.1 101 Switching\r\n" + Type + Body, "answered with 101")]
    [InlineData("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 404 No\r\n\r\n", "answered with 404")]
    [InlineData("HTTP/2 200 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.x 200 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("http/1.1 200 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1  200 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1\t200 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1 2000 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1 200OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1 +20 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1 099 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1 20\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n" + Type + Body, "not an answer of HTTP/1")]
    [InlineData("220 mail.example ESMTP\r\n", "not an answer of HTTP/1")]
    // What strangers may put on a web site.
    [InlineData("HTTP/1.1 200 OK\r\n" + Body, "no content type")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type:\r\n" + Body, "a content type other than text/plain")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + Body, "a content type other than text/plain")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plainer\r\n" + Body, "a content type other than text/plain")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain, text/html\r\n" + Body, "a content type other than text/plain")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text / plain\r\n" + Body, "a content type other than text/plain")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + Type + Body, "two content types")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + Type + Body, "an encoded content")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: identity, gzip\r\n" + Type + Body, "an encoded content")]
    // Fields that are none: servers and proxies read them each in another way.
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type : text/plain\r\n" + Body, "a malformed header field")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + " text/html\r\n" + Body, "a malformed header field")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + "\tx: y\r\n" + Body, "a malformed header field")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + "x\r\n" + Body, "a malformed header field")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + ": x\r\n" + Body, "a malformed header field")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + "x\u00fc: y\r\n" + Body, "a malformed header field")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + "x/y: z\r\n" + Body, "a malformed header field")]
    // Line ends and controls.
    [InlineData("HTTP/1.1 200 OK\n" + Type + Body, "a control character or a broken line end")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain\n\nbody", "a control character or a broken line end")]
    [InlineData("HTTP/1.1 200 OK\r\nx: a\rb\r\n" + Type + Body, "a control character or a broken line end")]
    [InlineData("HTTP/1.1 200 OK\r\r\n" + Type + Body, "a control character or a broken line end")]
    [InlineData("HTTP/1.1 200 OK\r\nx: a\0b\r\n" + Type + Body, "a control character or a broken line end")]
    [InlineData("HTTP/1.1 200 OK\r\nx: a\u007fb\r\n" + Type + Body, "a control character or a broken line end")]
    // The connection ends too early.
    [InlineData("", "an answer that breaks off")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type, "an answer that breaks off")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Type + "\r", "an answer that breaks off")]
    [InlineData("HTTP/1.1 103 Early\r\n\r\n", "an answer that breaks off")]
    public void AnotherHeader_IsRefused(string text, string reason)
    {
        var answered = Answers.Read(text);
        Assert.Equal((HttpStatus.Refused, reason, ""), (answered.Status, answered.Reason, answered.Body));
    }

    [Fact]
    public void ALongHeader_IsTakenUpToTheLimit()
    {
        string Of(int length) => ("HTTP/1.1 200 OK\r\n" + Type + "x: ").PadRight(length - 4, 'y') + "\r\n\r\n";
        Assert.Equal(HttpStatus.Done, Answers.Read([Answers.Bytes(Of(HttpAnswer.MaxHeader))], ends: true).Status);
        var answered = Answers.Read([Answers.Bytes(Of(HttpAnswer.MaxHeader + 1))], ends: true);
        Assert.Equal(("a header that is too long", HttpAnswer.MaxHeader + 1), (answered.Reason, answered.Length));
    }

    [Fact]
    public void AnswersBeforeTheAnswer_CountAgainstTheSameLimit()
    {
        string many = string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000));
        Assert.Equal("a header that is too long", Answers.Read([Answers.Bytes(many)], ends: false).Reason);
    }
}
