namespace Postern.Architecture.Tree;

/// <summary>The readers themselves, on small made-up inputs.</summary>
public sealed class TreeReadingTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\n\n", 2)]
    [InlineData("a\nb", 2)]
    public void LinesAreCountedAsAnEditorDoes(string text, int lines) => Assert.Equal(lines, new SourceFile("a.cs", text).LineCount);

    [Fact]
    public void AProjectFile_YieldsReferencesPackagesAndUnsafe()
    {
        ProjectFile project = ProjectFile.Parse("src/core/A/A.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><AllowUnsafeBlocks>true</AllowUnsafeBlocks></PropertyGroup>
              <ItemGroup><ProjectReference Include="../B/B.csproj" /><PackageReference Include="P" /></ItemGroup>
            </Project>
            """);
        Assert.Equal("A", project.Name);
        Assert.Equal(["B"], project.References);
        Assert.Equal(["P"], project.Packages);
        Assert.True(project.AllowsUnsafe);
        Assert.True(project.IsShipped);
        Assert.False(project.IsProgram);
    }

    [Fact]
    public void ATable_SkipsCommentsAndEmptyLines() =>
        Assert.Equal(["a", "b"], Assert.Single(TabTable.Parse("# head\n\na\tb\n", 2)));

    [Theory]
    [InlineData("a\n")]
    [InlineData("a\tb\tc\n")]
    [InlineData("a\t\n")]
    [InlineData("a  b\n")]
    public void ARowWithTheWrongFields_IsAnError(string text) => Assert.Throws<FormatException>(() => TabTable.Parse(text, 2));

    [Fact]
    public void TheRepositoryIsFoundFromTheTestsOwnFolder()
    {
        Assert.True(Repository.Has("Postern.slnx"));
        Assert.Contains(Repository.Projects, project => project.Name == "posternd" && project.IsProgram);
        Assert.NotEmpty(Repository.Shipped);
    }
}
