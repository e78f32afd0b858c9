using Postern.Acme.Web;

namespace Postern.Acme.Tests.Web;

/// <summary>Addresses that an authority names.</summary>
public sealed class WebPlaceTests
{
    [Theory]
    [InlineData("https://ca.test/dir", "ca.test", 443, "/dir", "ca.test")]
    [InlineData("https://ca.test", "ca.test", 443, "/", "ca.test")]
    [InlineData("https://ca.test/", "ca.test", 443, "/", "ca.test")]
    [InlineData("https://ca.test:14000/dir?x=y:z", "ca.test", 14000, "/dir?x=y:z", "ca.test:14000")]
    [InlineData("https://ca.test?x=/y", "ca.test", 443, "/?x=/y", "ca.test")]
    [InlineData("https://ca.test:443/a//b/../c", "ca.test", 443, "/a//b/../c", "ca.test")]
    [InlineData("https://CA-1.test:1/%0d%0a", "CA-1.test", 1, "/%0d%0a", "CA-1.test:1")]
    [InlineData("https://localhost:65535/x@y", "localhost", 65535, "/x@y", "localhost:65535")]
    [InlineData("https://1.2.3.4.test/", "1.2.3.4.test", 443, "/", "1.2.3.4.test")]
    public void Place_IsTaken(string text, string host, int port, string target, string field)
    {
        Assert.True(WebPlace.TryParse(text, out var place));
        Assert.Equal(new WebPlace(text, host, (ushort)port, target), place);
        Assert.Equal(field, place.HostField);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("https:///x")]
    [InlineData("https://?x")]
    // In the clear, anybody on the way could be the authority.
    [InlineData("http://ca.test/")]
    [InlineData("HTTPS://ca.test/")]
    [InlineData(" https://ca.test/")]
    [InlineData("ca.test/")]
    [InlineData("/dir")]
    // Another server than it looks like.
    [InlineData("https://user@ca.test/")]
    [InlineData("https://ca.test:80@evil.test/")]
    [InlineData("https://ca.test\\@evil.test/")]
    [InlineData("https://ca.test/#x")]
    [InlineData("https://ca.test#/x")]
    // What would be another field of a request, or end the text in JSON.
    [InlineData("https://ca.test/x\r\nHost: evil.test")]
    [InlineData("https://ca.test/x y")]
    [InlineData("https://ca.test/\"")]
    [InlineData("https://ca.test/\0")]
    [InlineData("https://ca.test/\u007f")]
    [InlineData("https://ca.test/\u00fc")]
    [InlineData("https://ca.test/\ud800")]
    // Ports.
    [InlineData("https://ca.test:/")]
    [InlineData("https://ca.test:0/")]
    [InlineData("https://ca.test:65536/")]
    [InlineData("https://ca.test:+1/")]
    [InlineData("https://ca.test:1x/")]
    [InlineData("https://ca.test:1:2/")]
    [InlineData("https://ca.test:99999999999999999999/")]
    // No host names: a certificate is for one.
    [InlineData("https://[::1]/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1:14000/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://./")]
    [InlineData("https://ca.test./")]
    [InlineData("https://.ca.test/")]
    [InlineData("https://ca..test/")]
    [InlineData("https://c_a.test/")]
    [InlineData("https://-ca.test/")]
    [InlineData("https://ca-.test/")]
    [InlineData("https://ca.-test/")]
    [InlineData("https://ca.test-:14000/")]
    [InlineData("https://*.test/")]
    [InlineData("https://0123456789012345678901234567890123456789012345678901234567890123.test/")]
    public void TextThatIsNoPlace_IsRefused(string? text)
    {
        Assert.False(WebPlace.TryParse(text, out var place));
        Assert.Null(place);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Length_HasALimit(int length, bool isTaken) => Assert.Equal(isTaken, WebPlace.TryParse("https://ca.test/".PadRight(length, 'x'), out _));
}
