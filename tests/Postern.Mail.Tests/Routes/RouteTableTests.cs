using CsCheck;

namespace Postern.Mail.Tests.Routes;

/// <summary>Which pattern a domain gets.</summary>
public class RouteTableTests
{
    private static RouteTable<string> Table(params string[] patterns)
    {
        var table = new RouteTable<string>();
        foreach (string pattern in patterns) Assert.True(table.TryAdd(System.Text.Encoding.UTF8.GetBytes(pattern), pattern));
        return table;
    }

    private static string? Find(RouteTable<string> table, string domain)
    {
        Assert.True(DomainName.TryParse(domain, out var name));
        return table.TryFind(name, out string? value) ? value : null;
    }

    [Theory]
    [InlineData("a.test", "a.test")]
    [InlineData("A.Test", "a.test")]
    [InlineData("x.a.test", "*.a.test")]
    [InlineData("y.x.a.test", "*.x.a.test")]
    [InlineData("z.y.x.a.test", "*.x.a.test")]
    [InlineData("q.x.a.test", "q.x.a.test")]
    // A suffix is for names below, at a dot.
    [InlineData("xa.test", "*")]
    [InlineData("test", "*")]
    [InlineData("b.test", "*")]
    public void LongestMatch_Wins(string domain, string pattern) =>
        Assert.Equal(pattern, Find(Table("*", "a.test", "*.a.test", "*.x.a.test", "q.x.a.test"), domain));

    [Fact]
    public void WithoutFallback_OthersFindNothing()
    {
        var table = Table("a.test", "*.b.test");
        Assert.False(table.HasFallback);
        Assert.Null(Find(table, "c.test"));
        Assert.Null(Find(table, "b.test"));
        Assert.Equal(2, table.Count);
        Assert.Null(Find(Table(), "a.test"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("**")]
    [InlineData("*.")]
    [InlineData("*a.test")]
    [InlineData("a.*.test")]
    [InlineData("*.*.test")]
    [InlineData(".a.test")]
    [InlineData("[192.0.2.1]")]
    // There already, in another spelling.
    [InlineData("A.TEST")]
    [InlineData("*.A.test")]
    [InlineData("*")]
    [InlineData("xn--bcher-kva.test")]
    public void OtherPatterns_AreRefused(string pattern)
    {
        var table = Table("a.test", "*.a.test", "*", "bücher.test");
        Assert.False(table.TryAdd(Latin.Bytes(pattern), "second"));
        Assert.Equal(4, table.Count);
        Assert.Equal("a.test", Find(table, "a.test"));
    }

    [Fact]
    public void Search_IsThatOfTryingEveryPattern()
    {
        var label = Some.Of("a", "b");
        var name = label.Array[1, 4].Select(labels => string.Join('.', labels));
        Gen.Select(name.Array[0, 6], name.Array[0, 6], name).Sample((names, suffixes, domain) =>
        {
            var table = new RouteTable<string>();
            foreach (string text in names) table.TryAdd(Latin.Bytes(text), text);
            foreach (string text in suffixes) table.TryAdd(Latin.Bytes("*." + text), "*." + text);
            string? expected = names.Contains(domain)
                ? domain
                : suffixes.Where(suffix => domain.EndsWith("." + suffix, StringComparison.Ordinal)).MaxBy(suffix => suffix.Length) is { } best ? "*." + best : null;
            return Find(table, domain) == expected;
        });
    }
}
