using System.Text;
using Postern.TestKit;
using Postern.Web.Http;

namespace Postern.Web.Tests.Http;

/// <summary>Answers of which the status is all that counts, as those to reports (RFC 8460 §5.4).</summary>
public sealed class StatusAloneTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", 200)]
    [InlineData("HTTP/1.0 200\r\n", 200)]
    [InlineData("HTTP/1.1 301 Moved\r\n", 301)]
    [InlineData("HTTP/1.1 503 \r\n", 503)]
    [InlineData("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 201 Created\r\n", 201)]
    public void Answer_IsItsStatus(string text, int code) => Assert.Equal((HttpStatus.Done, code, text.Length), Whole(text));

    // What would not be taken as an answer changes nothing any more.
    [Theory]
    [InlineData("Content-Encoding: gzip\r\n\r\n")]
    [InlineData("X : y\r\n")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("Content-Length: 1000000\r\n\r\n")]
    [InlineData("\n\0")]
    public void WhatIsBehindIt_IsNotLookedAt(string rest) => Assert.Equal((HttpStatus.Done, 202, 23), Whole("HTTP/1.1 202 Accepted\r\n" + rest));

    [Theory]
    [InlineData("HTTP/1.1 101 Other\r\n")]
    [InlineData("HTTP/2 200\r\n")]
    [InlineData("HTTP/1.1 099 x\r\n")]
    [InlineData("HTTP/1.1 2000\r\n")]
    [InlineData("HTTP/1.1 20\r\n")]
    [InlineData("HTTP/1.1 200 OK\n")]
    [InlineData("HTTP/1.1 100 Continue\r\nX\r\n\r\nHTTP/1.1 201 Created\r\n")]
    [InlineData("HTTP/1.1 200 OK\r")]
    [InlineData("\r\n")]
    [InlineData("")]
    public void WhatIsNoAnswer_HasNone(string text) => Assert.Equal(HttpStatus.Refused, Whole(text).Status);

    [Fact]
    public void AnswersBeforeTheAnswer_AreNotReadWithoutEnd()
    {
        var answer = new HttpAnswer(HttpWanted.StatusAlone);
        int fed = 0;
        while (answer.Feed("HTTP/1.1 100 x\r\n\r\n"u8, out int consumed) == HttpStatus.NeedsMore) fed += consumed;
        Assert.InRange(fed, HttpAnswer.MaxHeader - 18, HttpAnswer.MaxHeader);
    }

    /// <summary>The whole answer, the same however it is cut.</summary>
    private static (HttpStatus Status, int Code, int Length) Whole(string text)
    {
        (HttpStatus Status, int Code, int Length) last = default;
        SplitDriver.EverySplit(Encoding.Latin1.GetBytes(text), pieces =>
        {
            var answer = new HttpAnswer(HttpWanted.StatusAlone);
            int length = 0;
            foreach (byte[] piece in pieces)
            {
                answer.Feed(piece, out int consumed);
                length += consumed;
            }

            return last = (answer.End(), answer.Code, length);
        });
        return last;
    }
}
