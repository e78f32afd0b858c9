using Postern.Architecture.Tree;

namespace Postern.Architecture.Sizes;

/// <summary>The measures and their limits, on small made-up inputs.</summary>
public sealed class SizeTests
{
    private static readonly Budgets Limits = Budgets.Parse("# m\ts\tl\tr\nlines\t*\t10\twhy\nlines\ta.cs\t20\ta table\n");

    [Theory]
    [InlineData("b.cs", 10, 0)]
    [InlineData("b.cs", 11, 1)]
    [InlineData("a.cs", 20, 0)]
    [InlineData("a.cs", 21, 1)]
    public void AValueOverItsLimit_IsReported(string subject, int value, int found) =>
        Assert.Equal(found, Limits.Exceeded([new Measurement("lines", subject, value)]).Count());

    [Fact]
    public void AMeasureWithoutALimit_IsAMistake() =>
        Assert.Throws<KeyNotFoundException>(() => Limits.Exceeded([new Measurement("weight", "a", 1)]).Count());

    [Theory]
    // Still needed.
    [InlineData("a.cs", 11, 0)]
    // Within the limit for everybody.
    [InlineData("a.cs", 10, 1)]
    // Gone.
    [InlineData("b.cs", 11, 1)]
    public void AnExceptionThatIsNotNeeded_IsReported(string subject, int value, int found) =>
        Assert.Equal(found, Limits.Unneeded([new Measurement("lines", subject, value)]).Count());

    [Theory]
    [InlineData("lines\t*\t10\n")]
    [InlineData("lines\t*\tten\twhy\n")]
    [InlineData("lines\t*\t10\twhy\nlines\t*\t11\twhy\n")]
    public void AnExceptionWithoutAReasonOrADamagedRow_IsAnError(string text) => Assert.ThrowsAny<FormatException>(() => Budgets.Parse(text));

    [Fact]
    public void FilesAreCountedByFolder() =>
        Assert.Equal(
            [new Measurement("folder-files", "src", 2), new Measurement("folder-files", "src/a", 1)],
            FileSizes.Folders([File("src/1.cs", 1), File("src/2.cs", 1), File("src/a/3.cs", 1)]));

    [Fact]
    public void SpreadTakesTheUpperNeighbour()
    {
        SourceFile[] files = [.. Enumerable.Range(1, 10).Select(lines => File("src/a.cs", lines))];
        Assert.Equal([6, 10], FileSizes.Spread("src", files).Select(one => one.Value));
        Assert.Equal([1, 1], FileSizes.Spread("src", files[..1]).Select(one => one.Value));
        Assert.Empty(FileSizes.Spread("src", []));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("// why\n\nclass A\n{\n    // why\n    int _a; // why\n}\n", 2)]
    [InlineData("class A { string S = \"\"\"\n  x\n\n  \"\"\"; }", 4)]
    [InlineData("class A\n{\n    void M(\n        int a\n    )\n    {\n    }\n}\n", 3)]
    public void LinesOfCode_AreThoseThatSaySomething(string text, int lines) =>
        Assert.Equal(lines, CodeLines.Of(new SourceFile("a.cs", text).Root.DescendantTokens()).Count());

    [Theory]
    [InlineData("class A { void M() { } }", "method-lines", 1)]
    [InlineData("class A {\n [X]\n /* why */ void M()\n {\n }\n}", "method-lines", 3)]
    [InlineData("class A { A()\n {\n } }", "method-lines", 3)]
    [InlineData("class A { int P { get\n {\n return 1; } } }", "method-lines", 3)]
    [InlineData("class A { int M(int x) => x switch\n {\n _ => 1,\n }; }", "table-lines", 4)]
    [InlineData("class A { int M(int x) {\n switch (x) { default: return 1; } } }", "table-lines", 2)]
    [InlineData("class A { int M(int x) {\n return x switch { _ => 1 }; } }", "table-lines", 2)]
    [InlineData("class A { int M(int x) {\n x++; return x switch { _ => 1 }; } }", "method-lines", 2)]
    public void MethodsAreMeasuredFromSignatureToEnd(string text, string measure, int lines) =>
        Assert.Equal((measure, lines), CodeSizes.MethodLines(new SourceFile("a.cs", text)).Select(one => (one.Measure, one.Value)).Single());

    [Fact]
    public void AMethodIsNamedWithItsFileAndType() =>
        Assert.Equal("a.cs A.M", CodeSizes.MethodLines(new SourceFile("a.cs", "class A { void M() { } }")).Single().Subject);

    [Theory]
    [InlineData("class A { void M(int a, int b) { } }", 2)]
    [InlineData("class A(int a, int b, int c);", 3)]
    [InlineData("delegate void D(int a);", 1)]
    public void ParametersAreCounted(string text, int count) =>
        Assert.Equal(count, CodeSizes.Parameters(new SourceFile("a.cs", text)).Single().Value);

    [Theory]
    [InlineData("record R(int a, int b);")]
    [InlineData("record struct R(int a, int b);")]
    public void TheFieldsOfARecord_AreNotParameters(string text) => Assert.Empty(CodeSizes.Parameters(new SourceFile("a.cs", text)));

    [Theory]
    [InlineData("class SmtpSession { int _a, _b; static int _c; const int D = 1; }", 2)]
    [InlineData("class SmtpSession(int a) { int P { get; set; } int Q => 1; int R { get { return 1; } } }", 2)]
    [InlineData("struct Transaction { int _a; }", 1)]
    [InlineData("partial class Connection { int _a; }\npartial class Connection { int _b; }", 2)]
    public void FieldsOfSessionObjectsAreCounted(string text, int count) =>
        Assert.Equal(count, CodeSizes.SessionFields([new SourceFile("a.cs", text)]).Single().Value);

    [Fact]
    public void OtherTypesMayHaveFields() => Assert.Empty(CodeSizes.SessionFields([new SourceFile("a.cs", "class Limits { int _a; }")]));

    private static SourceFile File(string path, int lines) => new(path, string.Concat(Enumerable.Repeat("\n", lines)));
}
