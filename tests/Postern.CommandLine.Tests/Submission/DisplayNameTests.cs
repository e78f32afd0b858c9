using System.Text;
using Postern.CommandLine.Submission;
using Postern.Loop;

namespace Postern.CommandLine.Tests.Submission;

public sealed class DisplayNameTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Ann Smith", "\"Ann Smith\" ")]
    // What could end the quotation is escaped.
    [InlineData("A\"<x@y>\\", "\"A\\\"<x@y>\\\\\" ")]
    // Beyond ASCII, and line ends that would make a field of their own: base64 has neither.
    [InlineData("J\u00fcrgen", "=?utf-8?B?SsO8cmdlbg==?= ")]
    [InlineData("A\r\nBcc: x", "=?utf-8?B?QQ0KQmNjOiB4?= ")]
    public void Name_CanNotLeaveItsPlace(string name, string expected) => Assert.Equal(expected, Write(name));

    [Fact]
    public void HugeName_IsCutAndFolded()
    {
        var text = Write(new string('\u20ac', 100_000));
        Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 76));
        Assert.True(text.Length < 1000);
    }

    [Fact]
    public void HalfACharacterAtTheCut_IsNoFault() => Assert.NotEmpty(Write(new string('a', DisplayName.MaxLength - 1) + "\U0001f600"));

    private static string Write(string name)
    {
        var output = new ByteQueue();
        DisplayName.Write(name, output);
        return Encoding.ASCII.GetString(output.Span);
    }
}
