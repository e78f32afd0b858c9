using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>Each rule is seen to fail on a table or a source made to break it.</summary>
public sealed class RfcRulesTests
{
    private const string Good = "1035\tpartial\tDNS\tstub resolver\n5321\tyes\tSMTP\t-\n";

    [Theory]
    [InlineData("RFC 5321 §4.1", new[] { 5321 })]
    [InlineData("(RFC5321)", new[] { 5321 })]
    [InlineData("RFC-821", new[] { 821 })]
    [InlineData("RFC 5321/5322 and RFC 2920", new[] { 5321, 5322, 2920 })]
    [InlineData("RFCs 1035", new[] { 1035 })]
    [InlineData("RFC", new int[0])]
    [InlineData("RFC 5", new int[0])]
    [InlineData("an RFC of 1982", new int[0])]
    public void CitationsAreFound(string text, int[] numbers) => Assert.Equal(numbers, RfcRules.Cited(text));

    [Fact]
    public void AGoodTable_HasNoMistakes() => Assert.Empty(RfcRules.Mistakes(TabTable.Parse(Good, 4)));

    [Theory]
    [InlineData("5321\tmostly\tSMTP\t-\n")]
    [InlineData("5321\tyes\tSMTP\t-\n1035\tyes\tDNS\t-\n")]
    [InlineData("5321\tyes\tSMTP\t-\n5321\tno\tSMTP\t-\n")]
    public void AnUnknownStateOrADisorder_IsReported(string table) => Assert.Single(RfcRules.Mistakes(TabTable.Parse(table, 4)));

    [Fact]
    public void ACitationThatIsNotListed_IsReportedOncePerFile() =>
        Assert.Equal(
            ["src/a.cs cites RFC 2920, which docs/rfc.tsv does not list."],
            RfcRules.Unlisted([new SourceFile("src/a.cs", "// RFC 2920, RFC 2920, RFC 5321")], TabTable.Parse(Good, 4)));
}
