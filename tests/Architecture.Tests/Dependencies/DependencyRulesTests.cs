using Postern.Architecture.Tree;

namespace Postern.Architecture.Dependencies;

/// <summary>Each rule is seen to fail on a tree made to break it.</summary>
public sealed class DependencyRulesTests
{
    private const string Table = """
        Words before.
        <!-- dependencies: begin -->
        | project | refers to | packages |
        |---|---|---|
        | `A` | – | – |
        | `B` | `A` | `P` |
        <!-- dependencies: end -->
        | not | a | row |
        """;

    [Fact]
    public void TheTableIsReadBetweenItsMarkers()
    {
        IReadOnlyList<DependencyRow> rows = DependencyTable.Parse(Table);
        Assert.Equal(["A", "B"], rows.Select(row => row.Project));
        Assert.Empty(rows[0].References);
        Assert.Equal(["A"], rows[1].References);
        Assert.Equal(["P"], rows[1].Packages);
    }

    [Theory]
    [InlineData("no markers")]
    [InlineData("<!-- dependencies: begin -->\n| h |\n|---|\n| `A` | |\n<!-- dependencies: end -->")]
    public void ADamagedTable_IsAnError(string markdown) => Assert.Throws<FormatException>(() => DependencyTable.Parse(markdown));

    [Fact]
    public void ATreeLikeItsTable_Passes() => Assert.Empty(Differences(Library("A"), Library("B", ["A"], ["P"])));

    [Fact]
    public void AnEdgeThatIsNotInTheTable_IsReported() =>
        Assert.Equal(["A: uses B, which the table does not have."], Differences(Library("A", ["B"]), Library("B", ["A"], ["P"])));

    [Fact]
    public void AnEdgeThatIsOnlyInTheTable_IsReported() =>
        Assert.Equal(["B: does not use A, which the table has."], Differences(Library("A"), Library("B", [], ["P"])));

    [Fact]
    public void APackageThatIsNotInTheTable_IsReported() =>
        Assert.Equal(["A: uses Q, which the table does not have."], Differences(Library("A", [], ["Q"]), Library("B", ["A"], ["P"])));

    [Fact]
    public void AProjectThatIsNotInTheTable_IsReported() =>
        Assert.Equal(["C is not in the table."], Differences(Library("A"), Library("B", ["A"], ["P"]), Library("C")));

    [Fact]
    public void ARowWithoutAProject_IsReported() =>
        Assert.Equal(["B is in the table and not in the tree."], Differences(Library("A")));

    [Fact]
    public void TestProjectsAreNotInTheTable() =>
        Assert.Empty(Differences(Library("A"), Library("B", ["A"], ["P"]), Project("tests/T/T.csproj", ["A"])));

    [Fact]
    public void AReferenceToAProgram_IsForbidden() =>
        Assert.Equal(["A refers to p."], DependencyRules.ForbiddenReferences([Library("A", ["p"]), Program("p")]));

    [Fact]
    public void AReferenceToATestProject_IsForbidden() =>
        Assert.Equal(["A refers to T."], DependencyRules.ForbiddenReferences([Library("A", ["T"]), Project("tests/T/T.csproj")]));

    [Fact]
    public void ATestMayReferToItsProgram() =>
        Assert.Empty(DependencyRules.ForbiddenReferences([Program("p"), Project("tests/T/T.csproj", ["p"])]));

    [Fact]
    public void APackageBelowATrustedProgram_IsReported()
    {
        List<ProjectFile> projects = [.. DependencyRules.TrustedPrograms.Select(name => Program(name)), Library("A", [], ["P"])];
        Assert.Empty(DependencyRules.PackagesInTheTrustedBase(projects));
        projects[0] = Program(projects[0].Name, "B");
        projects.Add(Library("B", ["A"]));
        Assert.Equal(["posternd reaches the package P by A."], DependencyRules.PackagesInTheTrustedBase(projects));
    }

    [Fact]
    public void UnsafeCodeOutsideTheBindings_IsReported() =>
        Assert.Equal(["A allows unsafe code."], DependencyRules.StrayUnsafeCode(
            [Library("A") with { AllowsUnsafe = true }, Library("Postern.Posix") with { AllowsUnsafe = true }, Library("B")]));

    [Fact]
    public void OpenSslBelowAnotherProgram_IsReported() =>
        Assert.Equal(["p reaches OpenSSL."], DependencyRules.StrayTls(
            [Program("p", "A"), Program("q"), Program("postern-tls", "Postern.Tls"), Library("A", ["Postern.Tls"]), Library("Postern.Tls")]));

    private static IEnumerable<string> Differences(params ProjectFile[] projects) =>
        DependencyRules.Differences(projects, DependencyTable.Parse(Table));

    private static ProjectFile Library(string name, string[]? references = null, string[]? packages = null) =>
        Project($"src/core/{name}/{name}.csproj", references, packages);

    private static ProjectFile Program(string name, params string[] references) =>
        Project($"src/programs/{name}/{name}.csproj", references);

    private static ProjectFile Project(string path, string[]? references = null, string[]? packages = null) =>
        new(path, references ?? [], packages ?? [], AllowsUnsafe: false);
}
