using Postern.Architecture.Documents;
using Postern.Architecture.Sizes;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>What the programs weigh, and that docs/trust.md says so.</summary>
public sealed class LedgerTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, Weight>> Weights = new(() => Weight.OfAll(Repository.Shipped));

    /// <summary>With POSTERN_TRUST=write, as eng/trust calls it, the page is brought up to date instead.</summary>
    [Fact]
    public void ThePageHasTheFiguresOfToday()
    {
        string page = Repository.Read(Ledger.Page);
        string current = Ledger.WithFigures(page, Weights.Value);
        if (Environment.GetEnvironmentVariable("POSTERN_TRUST") == "write")
        {
            File.WriteAllText(Path.Join(Repository.Root, Ledger.Page), current);
            return;
        }

        // Line by line: the message shows which figure it is.
        Assert.Equal(current.Split('\n'), page.Split('\n'));
    }

    [Fact]
    public void WhatIsTrustedMostStaysWithinItsBudget()
    {
        foreach (Weight weight in Weights.Value.Values)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{weight.Program}: {weight.Lines.All.Count} lines, {weight.Lines.Statements.Count} with a statement, {weight.Lines.Unsafe.Count} unsafe ({string.Join(", ", PerProject(weight))})");
        }

        Assert.Empty(Budgets.Parse(Repository.Read("eng/budgets.tsv")).Exceeded(Weight.Limited(Weights.Value)));
    }

    [Fact]
    public void EveryProgramStandsInTheTable()
    {
        IReadOnlyList<TrustRow> rows = Ledger.Rows(Repository.Read(Ledger.Page));
        Assert.Equal(Repository.Projects.Where(project => project.IsProgram).Select(project => project.Name).Order(), rows.Select(row => row.Program).Order());
        Assert.All(rows, row =>
        {
            Assert.Equal(TrustRow.Guarantees, row.Scopes.Count);
            Assert.All(row.Scopes, scope => Assert.Contains(scope, new[] { "all", "own", "unsafe", "–" }));
        });
    }

    // What is said of a program that was taken over is a test, or it is not said.
    [Fact]
    public void EveryTestThatThePageNames_Exists()
    {
        string[] named = [.. Repository.Read(Ledger.Page).Split('`').Where((part, index) => index % 2 == 1 && part.Contains("Tests.", StringComparison.Ordinal))];
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(AttackRules.TestsOf(Repository.Sources.Where(file => file.IsUnder("tests")))));
    }

    // The linker's own list against ours: what it keeps and we do not count would be trusted without being told. Of packages it
    // is taken at its word.
    [Theory]
    [InlineData("posternd")]
    [InlineData("postern-config")]
    [InlineData("postern-smtpd")]
    [InlineData("postern-directory")]
    [InlineData("postern-queue")]
    [InlineData("postern-remote")]
    [InlineData("postern-local")]
    [InlineData("postern-deliver")]
    [InlineData("postern-bounce")]
    [InlineData("postern-tls")]
    [InlineData("postern-auth")]
    [InlineData("postern-acme")]
    [InlineData("postern-cell")]
    [InlineData("postern")]
    public void WhateverIsLinked_IsCounted(string program)
    {
        IReadOnlyList<CodeImage> images = ProgramImages.Of(program);
        IReadOnlySet<CodeMethod> counted = CallGraph.From(images);
        CodeMethod[] linked = [.. ProgramImages.Linked(program, images)];
        Assert.Contains(linked, method => method.Image.IsOurs);
        // What has no body is the runtime's: a delegate's Invoke.
        Assert.Empty(linked.Where(method => method.Image.IsOurs && method.Image.BodyOf(method.Handle) is not null && !counted.Contains(method)).Select(method => method.ToString()).Order());
    }

    private static IEnumerable<string> PerProject(Weight weight) => weight.Lines.All
        .GroupBy(line => line.Path.Split('/')[2])
        .OrderBy(project => project.Key, StringComparer.Ordinal)
        .Select(project => $"{project.Key} {project.Count()}");
}
