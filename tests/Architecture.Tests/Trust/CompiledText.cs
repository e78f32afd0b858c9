using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>Small programs in text, compiled in memory as a release is.</summary>
internal static class CompiledText
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> Framework = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    public static CodeImage Compile(IEnumerable<SourceFile> files)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "postern-sample",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, (CSharpParseOptions)file.Tree.Options, file.Path, System.Text.Encoding.UTF8)),
            Framework.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        MemoryStream code = new();
        MemoryStream symbols = new();
        EmitResult result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        code.Position = symbols.Position = 0;
        return new CodeImage(code, symbols);
    }
}
