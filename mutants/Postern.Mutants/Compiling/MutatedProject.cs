using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Postern.Mutants.Rewriting;

namespace Postern.Mutants.Compiling;

/// <summary>A project with all its mutants in one assembly.</summary>
internal sealed class MutatedProject
{
    private static readonly CSharpParseOptions _parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private readonly List<MutatedFile> _mutated = [];
    private readonly List<SyntaxTree> _others = [];
    private readonly HashSet<int> _dropped = [];
    private readonly Numbers _numbers = new();
    private readonly string _assembly;

    /// <summary>Takes in sources.</summary>
    /// <param name="assembly">The assembly's name.</param>
    /// <param name="sources">The files: a name for reports, the text, and whether it is to be changed.</param>
    public MutatedProject(string assembly, IEnumerable<(string Path, string Text, bool Mutate)> sources)
    {
        _assembly = assembly;
        foreach (var (path, text, mutate) in sources)
        {
            if (mutate) _mutated.Add(new MutatedFile(path, text, _numbers));
            else _others.Add(CSharpSyntaxTree.ParseText(text, _parsing, path));
        }
        _others.Add(CSharpSyntaxTree.ParseText(Switch.Source(_numbers.NextPlace + 1), _parsing, "Switch.cs"));
    }

    /// <summary>The mutants that compile; complete after <see cref="Emit"/>.</summary>
    public IEnumerable<Mutant> Mutants => _mutated.SelectMany(file => file.Mutants).Where(mutant => !_dropped.Contains(mutant.Id));

    /// <summary>How many the compiler refused.</summary>
    public int Refused => _dropped.Count;

    /// <summary>Compiles, and drops what does not compile, until the rest does.</summary>
    /// <param name="references">Paths of the assemblies that it needs.</param>
    /// <param name="output">Receives the assembly.</param>
    public void Emit(IEnumerable<string> references, Stream output)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, checkOverflow: true,
            nullableContextOptions: NullableContextOptions.Enable, warningLevel: 0);
        var compilation = CSharpCompilation.Create(
            _assembly, _others, references.Select(path => MetadataReference.CreateFromFile(path)), options);
        while (true)
        {
            var trees = _mutated.Select(file => CSharpSyntaxTree.ParseText(file.Write(_dropped), _parsing, file.Path));
            var all = compilation.AddSyntaxTrees(trees);
            var errors = all.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            if (errors.Count == 0)
            {
                // What only the last step can see is no fault of a single mutant.
                var result = all.Emit(output);
                if (!result.Success) throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
                return;
            }
            foreach (var error in errors) Drop(error);
        }
    }

    private void Drop(Diagnostic error)
    {
        if (error.Location.SourceTree is { } tree && Culprit.Of(tree.GetRoot(), error.Location.SourceSpan) is { } id) _dropped.Add(id);
        else throw new InvalidOperationException($"Not a mutant's fault: {error}\n{error.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line]}");
    }
}
