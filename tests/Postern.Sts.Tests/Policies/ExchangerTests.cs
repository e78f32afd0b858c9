using System.Text;

namespace Postern.Sts.Tests.Policies;

/// <summary>Which servers a pattern stands for (RFC 8461 §4.1).</summary>
public sealed class ExchangerTests
{
    [Theory]
    [InlineData("mail.example.com", "mail.example.com", true)]
    [InlineData("mail.example.com", "MAIL.Example.Com", true)]
    [InlineData("MAIL.example.com", "mail.example.com.", true)]
    [InlineData("mail.example.com", "mail.example.com..", false)]
    [InlineData("mail.example.com", "xmail.example.com", false)]
    [InlineData("mail.example.com", "a.mail.example.com", false)]
    [InlineData("mail.example.com", "example.com", false)]
    [InlineData("mail.example.com", "", false)]
    [InlineData("mail.example.com", ".", false)]
    // One label, and a whole one.
    [InlineData("*.example.com", "mail.example.com", true)]
    [InlineData("*.example.com", "Mail.EXAMPLE.com.", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*.example.com", "foo.bar.example.com", false)]
    [InlineData("*.example.com", "mailexample.com", false)]
    [InlineData("*.example.com", "mail.example.com.test", false)]
    [InlineData("*.example.com", "mail.example.comx", false)]
    [InlineData("*.com", "example.com", true)]
    [InlineData("*.com", "com", false)]
    // The Kelvin sign is a k to Unicode, and the long s an s.
    [InlineData("k.test", "\u212a.test", false)]
    [InlineData("s.test", "\u017f.test", false)]
    [InlineData("*.s.test", "a.\u017f.test", false)]
    [InlineData("i.test", "\u0131.test", false)]
    public void AServer_IsCovered_ByItsNameOrAWildcardForItsFirstLabel(string pattern, string host, bool covered) =>
        Assert.Equal(covered, Policy($"mx: {pattern}\n")!.Covers(host));

    [Fact]
    public void OneOfSeveralPatterns_IsEnough()
    {
        var policy = Policy("mx: a.test\nmx: *.b.test\n")!;
        Assert.True(policy.Covers("a.test"));
        Assert.True(policy.Covers("x.b.test"));
        Assert.False(policy.Covers("b.test"));
        Assert.False(policy.Covers("x.a.test"));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a1-b.x--y", true)]
    [InlineData("1.2.test", true)]
    [InlineData("xn--mx-9ja.example", true)]
    [InlineData("*.a", true)]
    [InlineData("*", false)]
    [InlineData("*.", false)]
    [InlineData("*a.test", false)]
    [InlineData("a*.test", false)]
    [InlineData("a.*.test", false)]
    [InlineData("*.*.test", false)]
    [InlineData("**.test", false)]
    [InlineData("a.test.", false)]
    [InlineData(".a.test", false)]
    [InlineData("a..test", false)]
    [InlineData("-a.test", false)]
    [InlineData("a-.test", false)]
    [InlineData("a.test-", false)]
    [InlineData("a_b.test", false)]
    [InlineData("a b.test", false)]
    [InlineData("a.test, b.test", false)]
    [InlineData("m\u00f8x.example", false)]
    // No address, however it is written.
    [InlineData("127.0.0.1", false)]
    [InlineData("[127.0.0.1]", false)]
    [InlineData("0x7f.1", false)]
    [InlineData("a.1com", false)]
    public void APattern_IsAName(string pattern, bool isOne) => Assert.Equal(isOne, Policy($"mx: {pattern}\n") is not null);

    [Fact]
    public void APattern_IsNoLongerThanANameOfTheDns()
    {
        string label = new('a', 63);
        Assert.NotNull(Policy($"mx: {label}.test\n"));
        Assert.Null(Policy($"mx: {label}a.test\n"));
        string longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.Equal(253, longest.Length);
        Assert.True(Policy($"mx: {longest}\n")!.Covers(longest));
        Assert.Null(Policy($"mx: {longest}a\n"));
        Assert.Null(Policy($"mx: *.{longest}\n"));
    }

    private static StsPolicy? Policy(string exchangers) =>
        StsPolicy.TryParse(Encoding.UTF8.GetBytes($"version: STSv1\nmode: enforce\nmax_age: 1\n{exchangers}"), out var policy) ? policy : null;
}
