using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Postern.Architecture.Tree;

/// <summary>One C# file: its path from the repository's root, with forward slashes, and its text and syntax.</summary>
internal sealed class SourceFile
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.Parse);

    private readonly Lazy<SyntaxTree> _tree;

    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        _tree = new Lazy<SyntaxTree>(() => CSharpSyntaxTree.ParseText(text, Options, path));
    }

    public string Path { get; }

    public string Text { get; }

    public SyntaxTree Tree => _tree.Value;

    public SyntaxNode Root => Tree.GetRoot();

    public string Folder => Path[..Math.Max(Path.LastIndexOf('/'), 0)];

    /// <summary>Lines as an editor counts them: a last line without a line feed counts, an empty one after it does not.</summary>
    public int LineCount => Text.Length == 0 ? 0 : Text.Count(c => c == '\n') + (Text[^1] == '\n' ? 0 : 1);

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>Path and line, as a compiler would say where something is.</summary>
    public string At(SyntaxNode node) => $"{Path}:{Tree.GetLineSpan(node.Span).StartLinePosition.Line + 1}";
}
