using System.Text;
using CsCheck;
using Postern.Web.Http;

namespace Postern.Web.Tests.Http;

/// <summary>Where the content of an answer ends.</summary>
public sealed class FramingTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    private const string Chunked = Head + "Transfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData(Head + "Content-Length: 4\r\n\r\nbody")]
    [InlineData(Head + "content-length:004\r\n\r\nbody")]
    // The same twice is no contradiction.
    [InlineData(Head + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody")]
    [InlineData(Chunked + "4\r\nbody\r\n0\r\n\r\n")]
    [InlineData(Chunked + "1\r\nb\r\n003\r\nody\r\n00\r\n\r\n")]
    [InlineData(Chunked + "4;x=\"y\"\r\nbody\r\n0;z\r\n\r\n")]
    [InlineData(Chunked + "4 \t\r\nbody\r\n0\r\n\r\n")]
    [InlineData(Chunked + "4\r\nbody\r\n0\r\nx: y\r\nContent-Length: 9\r\n\r\n")]
    [InlineData(Head + "TRANSFER-ENCODING: CHUNKED\r\n\r\n4\r\nbody\r\n0\r\n\r\n")]
    public void AnAnswer_IsWholeBeforeTheConnectionEnds(string text)
    {
        Assert.Equal(new(HttpStatus.Done, null, "body", text.Length), Answers.ReadOpen(text));
        Assert.Equal(new(HttpStatus.Done, null, "body", text.Length), Answers.Read(text));
        // What follows belongs to nothing.
        Assert.Equal(new(HttpStatus.Done, null, "body", text.Length), Answers.ReadOpen(text + "HTTP/1.1 404"));
        // Cut off, it is never whole, and never taken for it.
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Equal(HttpStatus.NeedsMore, Answers.Read([Answers.Bytes(text[..length])], ends: false).Status);
            Assert.Equal(new(HttpStatus.Refused, "an answer that breaks off", "", length), Answers.Read([Answers.Bytes(text[..length])], ends: true));
        }
    }

    [Fact]
    public void AnEmptyContent_IsWhole()
    {
        Assert.Equal(HttpStatus.Done, Answers.ReadOpen(Head + "Content-Length: 0\r\n\r\n").Status);
        Assert.Equal(HttpStatus.Done, Answers.ReadOpen(Chunked + "0\r\n\r\n").Status);
        Assert.Equal(HttpStatus.NeedsMore, Answers.ReadOpen(Head + "\r\n").Status);
        Assert.Equal(HttpStatus.Done, Answers.Read(Head + "\r\n").Status);
    }

    [Fact]
    public void AContentWithoutALength_EndsWithTheConnection()
    {
        Assert.Equal(new(HttpStatus.NeedsMore, null, "", Head.Length + 6), Answers.ReadOpen(Head + "\r\nbody"));
        Assert.Equal(new(HttpStatus.Done, null, "body", Head.Length + 6), Answers.Read(Head + "\r\nbody"));
    }

    [Theory]
    // Two readers would see two ends.
    [InlineData(Head + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbodyx", "two lengths")]
    [InlineData(Head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", "a content both in chunks and with a length")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n4\r\nbody\r\n0\r\n\r\n", "a content both in chunks and with a length")]
    [InlineData(Head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "a transfer coding other than chunked")]
    [InlineData(Head + "Transfer-Encoding: identity\r\n\r\nbody", "a transfer coding other than chunked")]
    [InlineData(Head + "Transfer-Encoding: xchunked\r\n\r\nbody", "a transfer coding other than chunked")]
    [InlineData(Head + "Transfer-Encoding:\r\n\r\nbody", "a transfer coding other than chunked")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "a transfer coding other than chunked")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "chunks in an answer of HTTP/1.0")]
    [InlineData(Head + "Content-Length: 4, 4\r\n\r\nbody", "a length that is none")]
    [InlineData(Head + "Content-Length: -4\r\n\r\nbody", "a length that is none")]
    [InlineData(Head + "Content-Length: +4\r\n\r\nbody", "a length that is none")]
    [InlineData(Head + "Content-Length: 0x4\r\n\r\nbody", "a length that is none")]
    [InlineData(Head + "Content-Length:\r\n\r\nbody", "a length that is none")]
    [InlineData(Head + "Content-Length: 18446744073709551620\r\n\r\nbody", "a length that is none")]
    [InlineData(Head + "Content-Length: 18446744073709551615\r\n\r\nbody", "a content that is too long")]
    [InlineData(Head + "Content-Length: 65537\r\n\r\nbody", "a content that is too long")]
    [InlineData(Chunked + "\r\nbody\r\n0\r\n\r\n", "a chunk without a size")]
    [InlineData(Chunked + ";x\r\nbody\r\n0\r\n\r\n", "a chunk without a size")]
    [InlineData(Chunked + " 4\r\nbody\r\n0\r\n\r\n", "a chunk without a size")]
    [InlineData(Chunked + "-4\r\nbody\r\n0\r\n\r\n", "a chunk without a size")]
    [InlineData(Chunked + "0x4\r\nbody\r\n0\r\n\r\n", "a chunk without a size")]
    [InlineData(Chunked + "4\r\nbody0\r\n\r\n", "a chunk that is longer than its size")]
    [InlineData(Chunked + "3\r\nbody\r\n0\r\n\r\n", "a chunk that is longer than its size")]
    [InlineData(Chunked + "4\nbody\r\n0\r\n\r\n", "a control character or a broken line end")]
    [InlineData(Chunked + "4;x\ny\r\nbody\r\n0\r\n\r\n", "a control character or a broken line end")]
    [InlineData(Chunked + "4\r\nbody\n0\r\n\r\n", "a control character or a broken line end")]
    [InlineData(Chunked + "10001\r\n", "a content that is too long")]
    [InlineData(Chunked + "ffffffffffffffffffff\r\n", "a content that is too long")]
    [InlineData(Chunked + "1\r\nx\r\n10000\r\n", "a content that is too long")]
    [InlineData(Chunked + "0\r\nx\r\n\r\n", "a malformed field behind the content")]
    [InlineData(Chunked + "0\r\n x: y\r\n\r\n", "a malformed field behind the content")]
    public void AContentWhoseEndIsUncertain_IsRefused(string text, string reason)
    {
        var answered = Answers.Read(text);
        Assert.Equal((HttpStatus.Refused, reason, ""), (answered.Status, answered.Reason, answered.Body));
    }

    [Fact]
    public void ALongContent_IsTakenUpToTheLimit()
    {
        string longest = new('x', Answers.Wanted.MaxLength);
        Assert.Equal(longest, Whole(Head + "Content-Length: 65536\r\n\r\n" + longest).Body);
        Assert.Equal(longest, Whole(Head + "\r\n" + longest).Body);
        Assert.Equal(longest, Whole(Chunked + "8000\r\n" + longest[..0x8000] + "\r\n8000\r\n" + longest[..0x8000] + "\r\n0\r\n\r\n").Body);
        var answered = Whole(Head + "\r\n" + longest + "x");
        Assert.Equal(("a content that is too long", "", Head.Length + 2 + Answers.Wanted.MaxLength), (answered.Reason, answered.Body, answered.Length));
    }

    [Fact]
    public void SizesAndTrailers_CountAgainstTheLimitOfTheHeader()
    {
        Assert.Equal("a header that is too long", Whole(Chunked + string.Concat(Enumerable.Repeat("1\r\nx\r\n", 4000))).Reason);
        Assert.Equal("a header that is too long", Whole(Chunked + "0\r\n" + string.Concat(Enumerable.Repeat("x: y\r\n", 4000))).Reason);
        Assert.Equal("a header that is too long", Whole(Chunked + "1;" + new string('x', 20_000)).Reason);
        Assert.Equal("a header that is too long", Whole(Chunked + new string('0', 20_000)).Reason);
    }

    [Fact]
    public void ARefusedAnswer_StaysRefused()
    {
        var answer = new HttpAnswer(Answers.Wanted);
        Assert.Equal(HttpStatus.Refused, answer.Feed("HTTP/1.1 404 No\r\n"u8, out _));
        Assert.Equal(HttpStatus.Refused, answer.Feed("HTTP/1.1 200 OK\r\n"u8, out int consumed));
        Assert.Equal(0, consumed);
        Assert.Equal(HttpStatus.Refused, answer.End());
        Assert.Equal("answered with 404", answer.Reason);
    }

    [Fact]
    public void AnyContent_ComesOut_InAnyFraming() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 50], Gen.Int[0, 2])
        .Sample((content, size, framing) =>
        {
            string body = Encoding.Latin1.GetString(content);
            string text = framing switch
            {
                0 => $"{Head}Content-Length: {body.Length}\r\n\r\n{body}",
                1 => $"{Head}\r\n{body}",
                _ => $"{Chunked}{string.Concat(body.Chunk(size).Select(chunk => $"{chunk.Length:X}\r\n{new string(chunk)}\r\n"))}0\r\n\r\n",
            };
            Assert.Equal(new(HttpStatus.Done, null, body, text.Length), Answers.Read(text));
        });

    private static Answered Whole(string text) => Answers.Read([Answers.Bytes(text)], ends: true);
}
