namespace Postern.Smtp.Tests.Commands;

/// <summary>Case B7: names that clients give themselves.</summary>
public class HelloArgumentTests
{
    [Theory]
    [InlineData("c.test", false)]
    [InlineData("localhost", false)]
    [InlineData("c.test.", false)]
    [InlineData("my_pc", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("JOE'S-PC", false)]
    [InlineData("[192.0.2.1]", true)]
    [InlineData("[IPv6:2001:db8::1]", true)]
    // Seen in the wild: a scope, a missing tag.
    [InlineData("[fe80::1%eth0]", true)]
    [InlineData("[::1]", true)]
    public void NameThatHarmsNothing_IsTaken(string argument, bool isLiteral)
    {
        Assert.True(HelloArgument.TryParse(Bytes.Of(argument), out var hello));
        Assert.Equal((argument, isLiteral), (Bytes.Text(hello.Name), hello.IsLiteral));
    }

    [Theory]
    [InlineData("")]
    // Two words: the second one would stand free in the Received line.
    [InlineData("my pc")]
    [InlineData("a\tb")]
    // What has a meaning in a header line.
    [InlineData("a(b")]
    [InlineData("a)b")]
    [InlineData("a;id")]
    [InlineData("<script>")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a,b")]
    [InlineData("a@b")]
    [InlineData("$(id)")]
    // Control and eight-bit bytes.
    [InlineData("\u001b[31m")]
    [InlineData("a\u007fb")]
    [InlineData("\u00c3\u00bc.test")]
    [InlineData("a\u0085b")]
    // Brackets belong around the whole.
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[a")]
    [InlineData("a]")]
    [InlineData("a[b]")]
    [InlineData("[a]b]")]
    [InlineData("[[a]]")]
    public void NameThatCouldBreakALine_IsRefused(string argument) => Assert.False(HelloArgument.TryParse(Bytes.Of(argument), out _));

    [Fact]
    public void LongestName_HasTheLengthOfADomain()
    {
        Assert.True(HelloArgument.TryParse(Bytes.Of(new string('a', 255)), out _));
        Assert.False(HelloArgument.TryParse(Bytes.Of(new string('a', 256)), out _));
        Assert.False(HelloArgument.TryParse(Bytes.Of(new string('a', 1024)), out _));
    }

    [Fact]
    public void EveryByte_IsTakenOnlyWhereItIsHarmless()
    {
        for (int value = 0; value < 256; value++)
        {
            bool harmless = value is > ' ' and < 0x7f && !"()<>@,;\\\"[]".Contains((char)value, StringComparison.Ordinal);
            Assert.Equal(harmless, HelloArgument.TryParse([(byte)'a', (byte)value, (byte)'b'], out _));
        }
    }
}
