using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Dependencies;
using Postern.Architecture.Documents;
using Postern.Architecture.Sizes;
using Postern.Architecture.Sources;
using Postern.Architecture.Tree;

namespace Postern.Architecture;

/// <summary>Every rule, applied to the tree that this test was built from.</summary>
public sealed class TreeTests
{
    private static IReadOnlyList<SourceFile> Sources => Repository.Sources;

    [Fact]
    public void ReferencesAreThoseOfTheDependencyTable() =>
        Holds(DependencyRules.Differences(Repository.Projects, DependencyTable.Parse(Repository.Read("docs/architecture.md"))));

    [Fact]
    public void NothingShippedRefersToAProgramOrATest() => Holds(DependencyRules.ForbiddenReferences(Repository.Projects));

    [Fact]
    public void TheTrustedBaseUsesNoPackage() => Holds(DependencyRules.PackagesInTheTrustedBase(Repository.Projects));

    [Fact]
    public void OnlyTheBindingsAreUnsafe() => Holds(DependencyRules.StrayUnsafeCode(Repository.Projects));

    [Fact]
    public void OnlyTheHolderOfKeysReachesOpenSsl() => Holds(DependencyRules.StrayTls(Repository.Projects));

    [Fact]
    public void EveryProjectHasALockFileAndStandsInTheSolution()
    {
        string solution = Repository.Read("Postern.slnx");
        Holds(
            from project in Repository.Projects
            let folder = project.Path[..project.Path.LastIndexOf('/')]
            from missing in new[]
            {
                Repository.Has($"{folder}/packages.lock.json") ? null : "has no packages.lock.json",
                solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal) ? null : "is not in Postern.slnx",
            }
            where missing is not null
            select $"{project.Path} {missing}.");
    }

    [Fact]
    public void EveryEventOfTheLogIsDescribed() =>
        Holds(LogRules.Unlisted(Sources.Where(file => file.IsUnder("src")), Repository.Read("docs/log.md")));

    // `postern queue verify` prints these names, and the manual says what they mean.
    [Fact]
    public void EveryDamageOfTheLogIsDescribed()
    {
        string[] pages = ["docs/man/postern.1.md", "docs/queue-format.md"];
        var names = Sources.Single(file => file.Path == "src/core/Postern.Spool/Damage.cs").Root
            .DescendantNodes().OfType<EnumMemberDeclarationSyntax>().Select(member => member.Identifier.ValueText).ToList();
        Assert.NotEmpty(names);
        Holds(
            from page in pages
            let text = Repository.Read(page)
            from name in names
            where !text.Contains(name, StringComparison.Ordinal)
            select $"{page} does not name {name}.");
    }

    [Fact]
    public void EveryProgramIsDescribed()
    {
        string page = Repository.Read("docs/architecture.md");
        Holds(
            from project in Repository.Projects
            where project.IsProgram && !page.Contains($"`{project.Name}`", StringComparison.Ordinal)
            select $"docs/architecture.md does not name `{project.Name}`.");
    }

    // Whoever keeps mail in the log depends on no way of storing it. Damage is not among these files: it is for the
    // administrator, who has to find the place on the disk.
    [Fact]
    public void TheInterfaceOfTheLogSaysNothingOfFiles() => Holds(
        new[] { "IRecordLog", "ILogVisitor", "LogResult", "RecordKind", "RecordPosition" }
            .Select(name => Sources.Single(file => file.Path == $"src/core/Postern.Spool/{name}.cs"))
            .SelectMany(SourceRules.StorageWords));

    // Beyond the interface: the queue's own logic has no such words either, but for the one place where the log is opened.
    [Fact]
    public void TheQueueKnowsNoSegments() => Holds(
        from file in Sources
        where file.IsUnder("src/programs/postern-queue")
        from found in SourceRules.StorageWords(file)
        where found.EndsWith("says segment.", StringComparison.Ordinal) && !file.Path.EndsWith("/QueueLog.cs", StringComparison.Ordinal)
        select found);

    [Fact]
    public void SizesStayWithinTheirBudgets()
    {
        Budgets budgets = Budgets.Parse(Repository.Read("eng/budgets.tsv"));
        List<Measurement> measured = [.. Measured()];
        Holds(budgets.Exceeded(measured).Concat(budgets.Unneeded(measured)));
    }

    // tests/Prisoner adopts what stands there: what a program added to it would be tried by nobody.
    [Fact]
    public void EachProgramRunsWithTheDeclarationThatTestsAdopt()
    {
        List<SourceFile> programs = [.. Sources.Where(file => file.IsUnder("src/programs") && file.Text.Contains("return ProgramHost.Run", StringComparison.Ordinal))];
        Assert.Equal(11, programs.Count);
        Holds(programs.Where(file => !file.Text.Contains("Declaration.Own", StringComparison.Ordinal)).Select(file => $"{file.Path} declares something else."));
        Holds(
            from file in programs
            from change in file.Root.DescendantNodes().OfType<WithExpressionSyntax>().SelectMany(with => with.Initializer.Expressions.OfType<AssignmentExpressionSyntax>())
            where change.Left.ToString() is not ("Places" or "SocketsOf")
            select $"{file.At(change)}: {change.Left} belongs into the declaration.");
        Holds(
            from file in programs
            from made in file.Root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            where made.Type.ToString() == "Declaration"
            select $"{file.At(made)}: a declaration has a file of its own.");
    }

    [Fact]
    public void EveryVisibleTypeSaysWhatItIs() =>
        Holds(SourceRules.UndocumentedTypes(Sources.Where(file => file.IsUnder("src") || file.IsUnder("tests/TestKit"))));

    [Fact]
    public void NoTypeNameEndsInAnEmptyWord() => Holds(Sources.SelectMany(SourceRules.EmptyNames));

    [Fact]
    public void NoCommentPromisesWork() => Holds(Sources.SelectMany(SourceRules.UnfinishedMarks));

    [Fact]
    public void OnlyNamedPlacesCatchEverything()
    {
        HashSet<string> allowed = [.. TabTable.Parse(Repository.Read("eng/catch-all.tsv"), columns: 2).Select(row => row[0])];
        Holds(Repository.Shipped.Where(file => !allowed.Contains(file.Path)).SelectMany(SourceRules.CatchAlls));
        Holds(allowed.Where(path => !Repository.Has(path)).Select(path => $"eng/catch-all.tsv names {path}, which is gone."));
    }

    [Fact]
    public void BothEndsOfEveryChannelHaveATestOfTheOther() =>
        Holds(HostileRules.Mistakes(
            TabTable.Parse(Repository.Read("docs/hostile.tsv"), columns: 3),
            [.. HostileRules.EndsOf(Repository.Shipped.Single(file => file.Path == HostileRules.Graph)), .. HostileRules.Started],
            AttackRules.TestsOf(Sources.Where(file => file.IsUnder("tests")))));

    [Fact]
    public void EveryAttackHasTestsThatExist() =>
        Holds(AttackRules.Mistakes(
            TabTable.Parse(Repository.Read("docs/attacks.tsv"), columns: 4),
            TabTable.Parse(Repository.Read("docs/attacks-later.tsv"), columns: 2),
            AttackRules.TestsOf(Sources.Where(file => file.IsUnder("tests")))));

    [Fact]
    public void EveryCitedRfcIsListed()
    {
        IReadOnlyList<string[]> table = TabTable.Parse(Repository.Read("docs/rfc.tsv"), columns: 4);
        Holds(RfcRules.Mistakes(table).Concat(RfcRules.Unlisted(Sources.Where(file => !file.IsUnder("tests/Architecture.Tests")), table)));
    }

    [Fact]
    public void TheReadmeShowsTheExampleConfiguration_InFifteenLines()
    {
        IReadOnlyList<string> example = ExampleRules.Lines(Repository.Read("etc/postern.toml"));
        Assert.Equal(example, ExampleRules.Lines(ExampleRules.Block(Repository.Read("README.md"))));
        Assert.InRange(example.Count, 1, ExampleRules.MaxLines);
    }

    private static IEnumerable<Measurement> Measured() =>
    [
        .. FileSizes.Lines(Sources),
        .. FileSizes.Folders(Sources),
        .. FileSizes.Spread("src", Repository.Shipped),
        .. Sources.SelectMany(CodeSizes.MethodLines),
        .. Sources.SelectMany(CodeSizes.Parameters),
        .. CodeSizes.SessionFields(Repository.Shipped),
    ];

    // All findings at once, one a line: nobody wants to meet them one build at a time.
    private static void Holds(IEnumerable<string> findings)
    {
        string[] found = [.. findings];
        Assert.True(found.Length == 0, $"{found.Length} findings:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }
}
