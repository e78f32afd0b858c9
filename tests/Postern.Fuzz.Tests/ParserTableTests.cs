namespace Postern.Fuzz.Tests;

/// <summary><c>fuzz/parsers.tsv</c>: no parser without a target, or a reason why it has none.</summary>
public sealed class ParserTableTests
{
    private static readonly string[][] s_rows =
    [
        .. File.ReadAllLines(Path.Join(Corpus.Root, "parsers.tsv")).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t')),
    ];

    [Fact]
    public void EveryParserHasARow_AndEveryRowAParser()
    {
        string[] parsers = [.. Parsers.All.Distinct()], listed = [.. s_rows.Select(row => row[0])];
        Assert.True(parsers.Except(listed).ToArray() is [], $"Not in fuzz/parsers.tsv:\n{string.Join('\n', parsers.Except(listed).Order(StringComparer.Ordinal))}");
        Assert.True(listed.Except(parsers).ToArray() is [], $"In fuzz/parsers.tsv, and gone:\n{string.Join('\n', listed.Except(parsers))}");
        Assert.Equal(listed.Distinct(), listed);
    }

    [Fact]
    public void EveryRowNamesATarget_OrSaysWhyThereIsNone() => Assert.All(s_rows, row => Assert.True(
        row[1] == "-" ? row is [_, _, { Length: > 10 }] : row.Length == 2 && Targets.Find(row[1]) is not null, string.Join(" | ", row)));

    [Fact]
    public void EveryProjectOfTheProduct_IsLookedAt()
    {
        Assert.InRange(Parsers.Projects.Count, 20, 100);
        Assert.All(Parsers.Projects, name => Assert.NotEmpty(System.Reflection.Assembly.Load(name).GetTypes()));
    }

    [Fact]
    public void ManyParsersAreFound_NotFew() => Assert.True(Parsers.All.Distinct().Count() > 60);

    [Fact]
    public void EveryTargetIsDescribed_WithItsOracle()
    {
        string page = File.ReadAllText(Path.Join(Corpus.Root, "..", "docs", "testing.md"));
        Assert.All(Targets.All, target => Assert.Matches($"(?m)^\\| `{target.Name}` \\| .+ \\| {System.Text.RegularExpressions.Regex.Escape(target.Oracle)} \\|$", page));
        Assert.All(s_rows.Where(row => row[1] != "-"), row => Assert.NotNull(Targets.Find(row[1])));
    }
}
