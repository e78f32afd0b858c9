using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>The rule is seen to find events, and to miss none that a switch chooses.</summary>
public sealed class LogRulesTests
{
    private static readonly SourceFile Source = new(
        "src/a.cs",
        """_log.Warning("peer-odd").Write(); log.Info(x switch { 1 => "one", _ => "two" }).Write(); Other.Write("three");""");

    [Fact]
    public void EventsAreFound() => Assert.Equal(["peer-odd", "one", "two"], LogRules.Events(Source));

    [Fact]
    public void AnEventThatIsNotNamed_IsReported() =>
        Assert.Equal(["src/a.cs logs two, which docs/log.md does not name."], LogRules.Unlisted([Source], "`peer-odd`, `one`"));
}
