using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Sizes;

namespace Postern.Architecture.Trust;

/// <summary>Counts the lines of code that reached symbols stand on.</summary>
internal static class ReachableLines
{
    /// <summary>Lines per file. Of a reached type its heading counts, of a reached property each reached or automatic accessor.</summary>
    public static IReadOnlyDictionary<string, int> PerFile(IEnumerable<ISymbol> reached) =>
        CodeLines.Of(reached
            // A constant does nothing by itself.
            .Where(symbol => symbol is not IFieldSymbol { IsConst: true })
            .SelectMany(symbol => symbol.DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax())
            .SelectMany(Tokens))
            .GroupBy(line => line.Path)
            .ToDictionary(file => file.Key, file => file.Count());

    private static IEnumerable<SyntaxToken> Tokens(SyntaxNode declaration) => declaration switch
    {
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().SelectMany(statement => statement.DescendantTokens()),
        BaseTypeDeclarationSyntax type => Heading(type),
        PropertyDeclarationSyntax { AccessorList: { } accessors } property when HasBodies(accessors) =>
            property.DescendantTokens().Where(token => token.SpanStart < accessors.SpanStart),
        VariableDeclaratorSyntax { Parent.Parent: { } field } => field.DescendantTokens(),
        _ => declaration.DescendantTokens(),
    };

    private static bool HasBodies(AccessorListSyntax accessors) =>
        accessors.Accessors.Any(accessor => accessor.Body is not null || accessor.ExpressionBody is not null);

    private static IEnumerable<SyntaxToken> Heading(BaseTypeDeclarationSyntax type)
    {
        int end = type.OpenBraceToken.IsKind(SyntaxKind.None) ? type.Span.End : type.OpenBraceToken.SpanStart;
        return type.DescendantTokens().Where(token => token.SpanStart < end);
    }
}
