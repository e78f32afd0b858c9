namespace Postern.Architecture.Documents;

/// <summary>The example's readers, on small made-up pages.</summary>
public sealed class ExampleRulesTests
{
    [Fact]
    public void CommentsBlanksAndAlignment_DoNotCount() =>
        Assert.Equal(["a = 1", "[b]"], ExampleRules.Lines("# head\na   = 1   # one\n\n[b]\n"));

    [Fact]
    public void TheFirstTomlBlockIsTaken() =>
        Assert.Equal("a = 1\nb = 2", ExampleRules.Block("x\n```\nno\n```\n```toml\na = 1\nb = 2\n```\n```toml\nc\n```\n"));

    [Theory]
    [InlineData("no block")]
    [InlineData("```toml\nopen")]
    public void APageWithoutAWholeBlock_IsAnError(string page) => Assert.Throws<FormatException>(() => ExampleRules.Block(page));
}
