using System.Text;
using Postern.TestKit;
using Postern.Web.Http;

namespace Postern.Web.Tests.Http;

/// <summary>Answers of any status and type, as an authority's are read: with their fields.</summary>
public sealed class AnyStatusTests
{
    private static readonly HttpWanted _anything = new(100, AnyStatus: true);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi")]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n{}", 201, "{}")]
    [InlineData("HTTP/1.1 400 \r\nContent-Type: application/problem+json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, "{}")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: https://b.test/\r\nContent-Length: 0\r\n\r\n", 301, "")]
    [InlineData("HTTP/1.1 503\r\n\r\nbusy", 503, "busy")]
    [InlineData("HTTP/1.1 999 \r\n\r\n", 999, "")]
    [InlineData("HTTP/1.1 103 Early\r\nLocation: x\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nx", 404, "x")]
    // With these nothing follows, whatever they say.
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304, "")]
    public void Answer_IsTaken(string text, int code, string body)
    {
        var (answer, length) = Whole(text);
        Assert.Equal((HttpStatus.Done, null, code, body), (answer.Status, answer.Reason, answer.Code, Encoding.Latin1.GetString(answer.Body)));
        Assert.Equal(text.Length, length);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n", "answered with 101")]
    [InlineData("HTTP/1.1 400 \r\nContent-Length: 101\r\n\r\n", "a content that is too long")]
    [InlineData("HTTP/1.1 400 \r\nContent-Length: 2\r\n\r\nx", "an answer that breaks off")]
    [InlineData("HTTP/1.1 200 \r\nContent-Encoding: gzip\r\n\r\n", "an encoded content")]
    [InlineData("HTTP/1.1 400 \r\nX : y\r\n\r\n", "a malformed header field")]
    [InlineData("HTTP/1.1 099 \r\n\r\n", "not an answer of HTTP/1")]
    [InlineData("HTTP/1.1 204", "an answer that breaks off")]
    public void Answer_IsRefused(string text, string reason) => Assert.Equal((HttpStatus.Refused, reason), (Whole(text).Answer.Status, Whole(text).Answer.Reason));

    // The server stays; nobody waits for a content that never comes.
    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    public void AnswerWithoutAContent_EndsWithItsHeader(string text)
    {
        var answer = new HttpAnswer(_anything);
        Assert.Equal(HttpStatus.Done, answer.Feed(Encoding.ASCII.GetBytes(text + "HTTP/1.1 200"), out int consumed));
        Assert.Equal(text.Length, consumed);
    }

    [Fact]
    public void Fields_AreKept_TheFirstOfEachName()
    {
        var answer = Whole("HTTP/1.1 201 Created\r\nReplay-Nonce: \t abc \t\r\nLOCATION:https://a.test/\u00fc\r\nlocation: other\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n").Answer;
        Assert.Equal("abc", answer.Field("replay-nonce"));
        Assert.Equal("https://a.test/\u00fc", answer.Field("Location"));
        Assert.Equal("", answer.Field("x-empty"));
        Assert.Null(answer.Field("retry-after"));
        Assert.Null(answer.Field(""));
        // What says something about the content's form is not for others.
        Assert.Null(answer.Field("content-length"));
    }

    [Fact]
    public void FieldsOfAnAnswerBeforeTheAnswer_AreNotKept() =>
        Assert.Null(Whole("HTTP/1.1 103 Early\r\nReplay-Nonce: abc\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").Answer.Field("replay-nonce"));

    [Fact]
    public void WhereOnly200IsWanted_NoFieldsAreKept()
    {
        var answer = new HttpAnswer(Answers.Wanted);
        answer.Feed("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX: y\r\nContent-Length: 0\r\n\r\n"u8, out _);
        Assert.Equal(HttpStatus.Done, answer.Status);
        Assert.Null(answer.Field("x"));
    }

    [Fact]
    public void BeforeTheFirstLine_ThereIsNoCode() => Assert.Equal(0, new HttpAnswer(_anything).Code);

    /// <summary>The whole answer, the same however it is cut.</summary>
    private static (HttpAnswer Answer, int Length) Whole(string text)
    {
        (HttpAnswer Answer, int Length) last = default;
        SplitDriver.EverySplit(Encoding.Latin1.GetBytes(text), pieces =>
        {
            last = (new HttpAnswer(_anything), 0);
            foreach (byte[] piece in pieces)
            {
                last.Answer.Feed(piece, out int consumed);
                last.Length += consumed;
            }

            last.Answer.End();
            return (last.Answer.Status, last.Answer.Reason, last.Answer.Code, Encoding.Latin1.GetString(last.Answer.Body), last.Length);
        });
        return last;
    }
}
