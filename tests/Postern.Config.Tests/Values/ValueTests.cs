using CsCheck;
using Postern.Config.Values;

namespace Postern.Config.Tests.Values;

/// <summary>The small languages of values.</summary>
public class ValueTests
{
    [Fact]
    public void ADuration_ReadsAsItIsWritten() => Gen.UInt[0, 100 * DurationText.Day].Sample(seconds =>
        DurationText.TryRead(DurationText.Write(seconds), out var read) && read == seconds);

    [Theory]
    [InlineData(0u, "0s")]
    [InlineData(90u, "90s")]
    [InlineData(300u, "5m")]
    [InlineData(7200u, "2h")]
    [InlineData(86_400u, "1d")]
    [InlineData(90_000u, "25h")]
    public void ADuration_IsWrittenInItsLargestUnit(uint seconds, string text) => Assert.Equal(text, DurationText.Write(seconds));

    [Fact]
    public void TheLongestDuration_DoesNotOverflow()
    {
        Assert.True(DurationText.TryRead("999999999d", out var seconds));
        Assert.Equal(uint.MaxValue, seconds);
    }

    [Theory]
    [InlineData("a:1", "a", false, 1)]
    [InlineData("a", "a", false, -1)]
    [InlineData("[a]:65535", "a", true, 65535)]
    [InlineData("[::]", "::", true, -1)]
    public void AHostAndPort_AreSplit(string text, string host, bool bracketed, int port)
    {
        Assert.True(HostPort.TryRead(text, out var split));
        Assert.Equal((host, bracketed, port), (split.Host, split.Bracketed, split.Port ?? -1));
    }

    [Fact]
    public void AnyText_IsSplitOrRefused() => Gen.String[Gen.Char["a0:[]. "], 0, 8].Sample(text =>
        !HostPort.TryRead(text, out var split) || (split.Host.Length > 0 && split.Port != 0));

    [Theory]
    [InlineData("retry_frist", "retry_first")]
    [InlineData("expires", "expire")]
    [InlineData("EXPIRE", "expire")]
    [InlineData("exprie", "expire")]
    [InlineData("expyr", null)]
    [InlineData("banana", null)]
    [InlineData("", null)]
    [InlineData("a", null)]
    public void TheNearestWord_IsFound(string word, string? nearest) =>
        Assert.Equal(nearest, NearestWord.To(word, ["retry_first", "expire", "warn_after"]));

    [Fact]
    public void AVeryLongWord_HasNoNearest() => Assert.Null(NearestWord.To(new string('x', 1_000_000), ["expire"]));

    [Theory]
    [InlineData("/a", null)]
    [InlineData("/a/b c", null)]
    [InlineData("/a/...", null)]
    [InlineData("", "must be an absolute path")]
    [InlineData("a", "must be an absolute path")]
    [InlineData("/a/./b", "must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    [InlineData("/..", "must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    [InlineData("/a\nb", "may hold printable ASCII only")]
    [InlineData("/123456789", null)]
    [InlineData("/1234567890", "may have 10 characters at most")]
    public void APath_HasOneForm(string path, string? fault) => Assert.Equal(fault, PathText.Fault(path, 10));

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/a/b", false)]
    public void APathWithinAFolder_IsKnown(string path, string folder, bool within) => Assert.Equal(within, PathText.IsWithin(path, folder));

    [Fact]
    public void Folding_IsOfAsciiOnly()
    {
        // The Kelvin sign is no k, and no Turkish i is ours.
        Assert.Equal("k\u212a\u0130i", AddressText.Fold("K\u212a\u0130I"));
    }
}
