using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Postern.Architecture.Dependencies;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>One program together with every library it refers to, compiled as if they were one project.</summary>
internal static class ProgramCompilation
{
    // What ImplicitUsings adds to each project.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly Lazy<IReadOnlyList<MetadataReference>> Framework = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>The sources of a program and of the projects it refers to, by any number of steps.</summary>
    public static IReadOnlyList<SourceFile> SourcesOf(string program, IReadOnlyList<ProjectFile> projects, IEnumerable<SourceFile> sources)
    {
        Dictionary<string, ProjectFile> byName = projects.ToDictionary(project => project.Name);
        string[] folders = [.. DependencyRules.Closure(program, byName).Select(name => Path.GetDirectoryName(byName[name].Path)!)];
        return [.. sources.Where(file => folders.Any(file.IsUnder))];
    }

    /// <summary>
    /// Code that generators write is missing, so the compilation may have errors; what is called can be told all the same.
    /// </summary>
    public static CSharpCompilation Of(IEnumerable<SourceFile> sources) => CSharpCompilation.Create(
        "program",
        [new SourceFile("usings.cs", ImplicitUsings).Tree, .. sources.Select(file => file.Tree)],
        Framework.Value,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true));
}
