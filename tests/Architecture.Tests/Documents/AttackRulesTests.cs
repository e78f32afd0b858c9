using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>Each rule is seen to fail on a table made to break it.</summary>
public sealed class AttackRulesTests
{
    private static readonly HashSet<string> Tests = ["DataTests.Dots_Stay", "RelayTests.Route_IsRefused"];

    [Fact]
    public void AWholeTable_HasNoMistakes() => Assert.Empty(AttackRules.Mistakes(Whole(), [], Tests));

    [Fact]
    public void AMissingId_IsReported() =>
        Assert.Equal(["B3 is missing."], AttackRules.Mistakes([.. Whole().Where(row => row[0] != "B3")], [], Tests));

    [Fact]
    public void AnIdThatWaits_NeedsNoTest() =>
        Assert.Empty(AttackRules.Mistakes([.. Whole().Where(row => row[0] != "C16")], [["C16", "TLS"]], Tests));

    [Theory]
    [InlineData("C16", "TLS", "C16 is tested and waits.")]
    [InlineData("C19", "TLS", "C19 waits and is on no list.")]
    [InlineData("c1", "TLS", "c1 is no attack that waits, waits twice, or has no reason.")]
    public void AnIdThatWaitsWrongly_IsReported(string id, string reason, string finding) =>
        Assert.Equal([finding], AttackRules.Mistakes(Whole(), [[id, reason]], Tests));

    [Theory]
    [InlineData("C15", "TLS")]
    [InlineData("C16", "")]
    public void AnIdThatWaitsTwiceOrForNothing_IsReported(string id, string reason) =>
        Assert.Single(AttackRules.Mistakes([.. Whole().Where(row => row[0] is not ("C15" or "C16"))], [["C15", "TLS"], [id, reason], ["C16", "TLS"]], Tests).Distinct());

    [Theory]
    [InlineData("A0", "is no id")]
    [InlineData("A01", "is no id")]
    [InlineData("a1", "is no id")]
    [InlineData("A", "is no id")]
    [InlineData("A-1", "is no id")]
    [InlineData("A1", "is out of order")]
    [InlineData("K2", "is out of order")]
    public void AnIdThatIsNoneOrOutOfOrder_IsReported(string id, string finding)
    {
        string mistake = Assert.Single(AttackRules.Mistakes([.. Whole(), [id, "attack", "answer", "DataTests.Dots_Stay"]], [], Tests));
        Assert.Contains(finding, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DataTests.Dots_Go")]
    [InlineData("OtherTests.Dots_Stay")]
    [InlineData("DataTests.Dots_Stay,RelayTests.Route_IsRefused")]
    [InlineData("DataTests.Dots_Stay, ")]
    public void ATestThatIsNotThere_IsReported(string tests) =>
        Assert.Single(AttackRules.Mistakes([.. Whole(), ["Z1", "attack", "answer", tests]], [], Tests));

    [Fact]
    public void OnlyWhatIsRunCountsAsATest()
    {
        SourceFile source = new("tests/A.cs", """
            namespace X;
            public class ATests
            {
                [Fact]
                public void One_Is() { }

                [Theory]
                [InlineData(1)]
                public void Two_Are(int number) { }

                public void Three_AreNot() { }
            }
            """);
        Assert.Equal(["ATests.One_Is", "ATests.Two_Are"], AttackRules.TestsOf([source]).Order(StringComparer.Ordinal));
    }

    private static List<string[]> Whole() =>
    [
        .. from range in AttackRules.Groups
           from number in Enumerable.Range(1, range.Last)
           select new[] { $"{range.Group}{number}", "attack", "answer", "DataTests.Dots_Stay, RelayTests.Route_IsRefused" },
    ];
}
