using System.Text;
using Postern.Web.Http;

namespace Postern.Web.Tests.Http;

/// <summary>Requests as they go out.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Get_IsWritten() => Assert.Equal(
        "GET /a/b?c HTTP/1.1\r\nHost: a.test:8080\r\nAccept: text/plain\r\nUser-Agent: Postern\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
        Encoding.ASCII.GetString(HttpRequest.Get("a.test:8080", "/a/b?c", "text/plain")));

    [Theory]
    [InlineData("", 0)]
    [InlineData("{}\r\n\0\u00ff", 6)]
    public void Post_IsWritten_WithItsContentAsItIs(string content, int length) => Assert.Equal(
        $"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/jose+json\r\nContent-Length: {length}\r\nUser-Agent: Postern\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n{content}",
        Encoding.Latin1.GetString(HttpRequest.Post("a.test", "/", "application/jose+json", Encoding.Latin1.GetBytes(content))));

    [Theory]
    // What would be a field or a request of somebody else's.
    [InlineData("a\r\nb")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a b")]
    [InlineData(" a")]
    [InlineData("a\tb")]
    [InlineData("a\0b")]
    [InlineData("a\u007f")]
    [InlineData("\u00fc")]
    [InlineData("\ud800")]
    [InlineData("")]
    public void TextThatIsNoWord_IsOurOwnBug(string text)
    {
        Assert.Throws<ArgumentException>(() => HttpRequest.Get(text, "/", "a/b"));
        Assert.Throws<ArgumentException>(() => HttpRequest.Get("a.test", text, "a/b"));
        Assert.Throws<ArgumentException>(() => HttpRequest.Get("a.test", "/", text));
        Assert.Throws<ArgumentException>(() => HttpRequest.Post(text, "/", "a/b", default));
        Assert.Throws<ArgumentException>(() => HttpRequest.Post("a.test", text, "a/b", default));
        Assert.Throws<ArgumentException>(() => HttpRequest.Post("a.test", "/", text, default));
    }
}
