using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Sizes;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>Finds the lines of source that a compiled method was written on.</summary>
/// <remarks>
/// A member counts whole, with its heading, however little of it runs; with it its type's heading and fields. What has no
/// statements of its own (a call into the C library, a method of an interface) is found by its name.
/// </remarks>
internal sealed class Declarations
{
    private readonly Dictionary<string, SourceFile> _files;
    private readonly ILookup<string, SyntaxNode> _bodiless;

    public Declarations(IEnumerable<SourceFile> files)
    {
        _files = files.ToDictionary(file => file.Path);
        _bodiless = (
            from file in _files.Values
            from member in file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
            from name in BodilessNames(member)
            select (Key: $"{NameOf(member.Parent)}::{name}", Member: (SyntaxNode)member)).ToLookup(one => one.Key, one => one.Member);
    }

    /// <summary>The lines of code of these methods, and of them those of unsafe members, and those with a statement.</summary>
    public Counted LinesOf(IEnumerable<CodeMethod> methods)
    {
        CodeMethod[] ours = [.. methods.Where(method => method.Image.IsOurs)];
        HashSet<SyntaxNode> found = [.. ours.SelectMany(NodesOf)];
        HashSet<SyntaxNode> types = [.. found.SelectMany(node => node.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>())];
        IEnumerable<SyntaxNode> fields = types.OfType<TypeDeclarationSyntax>()
            .SelectMany(type => type.Members.OfType<FieldDeclarationSyntax>())
            .Where(field => !field.Modifiers.Any(SyntaxKind.ConstKeyword));
        HashSet<(string, int)> all = [.. CodeLines.Of(found.Concat(types).Concat(fields).SelectMany(Tokens))];
        return new Counted(all, CodeLines.Of(found.Where(IsUnsafe).SelectMany(Tokens)).ToHashSet(), ours.SelectMany(StatementsOf).ToHashSet());
    }

    /// <summary>The lines on which the compiler says that something is done. It names brackets, too, which are no lines of code.</summary>
    private IEnumerable<(string Path, int Line)> StatementsOf(CodeMethod method) =>
        from token in method.Image.PointsOf(method.Handle).Select(TokenAt)
        where token.Parent is not null
        from line in CodeLines.Of([token]).Take(1)
        select line;

    private IEnumerable<SyntaxNode> NodesOf(CodeMethod method)
    {
        SyntaxNode[] placed = [.. method.Image.PointsOf(method.Handle).Select(NodeAt).OfType<SyntaxNode>().Distinct()];
        return placed.Length > 0 ? placed : _bodiless[method.ToString()];
    }

    private SyntaxNode? NodeAt(SourcePoint point) =>
        TokenAt(point).Parent?.AncestorsAndSelf().FirstOrDefault(node => node
            is AccessorDeclarationSyntax or BasePropertyDeclarationSyntax or BaseMethodDeclarationSyntax or FieldDeclarationSyntax
            or GlobalStatementSyntax or BaseTypeDeclarationSyntax);

    /// <summary>What stands at a place; a token of no file where that is none of ours.</summary>
    private SyntaxToken TokenAt(SourcePoint point)
    {
        // An ancestor folder's name is the machine's; what generators wrote is in no folder of the tree.
        int begin = point.File.LastIndexOf("/src/", StringComparison.Ordinal);
        SourceFile? file = (begin < 0 ? null : _files.GetValueOrDefault(point.File[(begin + 1)..])) ?? _files.GetValueOrDefault(point.File);
        return file is null ? default : file.Root.FindToken(file.Tree.GetText().Lines[point.Line].Start + point.Column);
    }

    private static IEnumerable<SyntaxToken> Tokens(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => Heading(type),
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().SelectMany(one => one.DescendantTokens()),
        AccessorDeclarationSyntax { Parent.Parent: BasePropertyDeclarationSyntax property } accessor =>
            accessor.DescendantTokens().Concat(Tokens(property)),
        BasePropertyDeclarationSyntax { AccessorList: { } accessors } property when accessors.Accessors.Any(one => one.Body is not null || one.ExpressionBody is not null) =>
            property.DescendantTokens().Where(token => !accessors.Span.Contains(token.Span)),
        _ => node.DescendantTokens(),
    };

    private static IEnumerable<SyntaxToken> Heading(BaseTypeDeclarationSyntax type)
    {
        int end = type.OpenBraceToken.IsKind(SyntaxKind.None) ? type.Span.End : type.OpenBraceToken.SpanStart;
        return type.DescendantTokens().Where(token => token.SpanStart < end);
    }

    private static IEnumerable<string> BodilessNames(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax { Body: null, ExpressionBody: null } method => [method.Identifier.Text],
        PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } property when accessors.Accessors.All(one => one.Body is null && one.ExpressionBody is null) =>
            [$"get_{property.Identifier.Text}", $"set_{property.Identifier.Text}"],
        DelegateDeclarationSyntax => ["Invoke"],
        _ => [],
    };

    private static string NameOf(SyntaxNode? parent) => parent switch
    {
        TypeDeclarationSyntax { Parent: TypeDeclarationSyntax outer } type => $"{NameOf(outer)}+{Simple(type)}",
        TypeDeclarationSyntax type => NameOf(type.Parent) is { Length: > 0 } space ? $"{space}.{Simple(type)}" : Simple(type),
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        _ => string.Empty,
    };

    private static string Simple(TypeDeclarationSyntax type) =>
        type.TypeParameterList is { Parameters.Count: var count } ? $"{type.Identifier.Text}`{count}" : type.Identifier.Text;

    private static bool IsUnsafe(SyntaxNode node) => node.AncestorsAndSelf().OfType<MemberDeclarationSyntax>()
        .Any(member => member.Modifiers.Any(SyntaxKind.UnsafeKeyword) || member.Modifiers.Any(SyntaxKind.ExternKeyword)
            || member.AttributeLists.SelectMany(list => list.Attributes).Any(one => one.Name.ToString() is "LibraryImport" or "DllImport"))
        || node.DescendantNodes().OfType<UnsafeStatementSyntax>().Any();
}

/// <summary>Lines of code, each by file and line, so that what two programs share counts once where they are counted together.</summary>
/// <param name="All">Every line of the members, with the headings and fields of their types.</param>
/// <param name="Unsafe">Those of unsafe members.</param>
/// <param name="Statements">Those on which a statement begins.</param>
internal sealed record Counted(
    IReadOnlySet<(string Path, int Line)> All, IReadOnlySet<(string Path, int Line)> Unsafe, IReadOnlySet<(string Path, int Line)> Statements)
{
    /// <summary>Of these the unsafe ones.</summary>
    public Counted UnsafeAlone => new(Unsafe, Unsafe, Statements.Where(Unsafe.Contains).ToHashSet());

    /// <summary>Those in some folders.</summary>
    public Counted In(params string[] folders)
    {
        bool IsThere((string Path, int Line) line) => folders.Any(folder => line.Path.StartsWith(folder, StringComparison.Ordinal));
        return new Counted(All.Where(IsThere).ToHashSet(), Unsafe.Where(IsThere).ToHashSet(), Statements.Where(IsThere).ToHashSet());
    }

    public static Counted Together(IEnumerable<Counted> parts)
    {
        Counted[] list = [.. parts];
        return new Counted(
            list.SelectMany(one => one.All).ToHashSet(), list.SelectMany(one => one.Unsafe).ToHashSet(), list.SelectMany(one => one.Statements).ToHashSet());
    }
}
