using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Architecture.Trust;

/// <summary>
/// Counts the lines of code that reached symbols stand on: lines that say something, so no comments, no blank ones, and none
/// that hold brackets alone, which the style of bracing would otherwise double.
/// </summary>
internal static class ReachableLines
{
    /// <summary>Lines per file. Of a reached type its heading counts, of a reached property each reached or automatic accessor.</summary>
    public static IReadOnlyDictionary<string, int> PerFile(IEnumerable<ISymbol> reached) =>
        reached
            // A constant does nothing by itself.
            .Where(symbol => symbol is not IFieldSymbol { IsConst: true })
            .SelectMany(symbol => symbol.DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax())
            .SelectMany(Tokens)
            .Where(token => !IsPunctuation(token))
            .SelectMany(LinesOf)
            .Distinct()
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

    private static bool IsPunctuation(SyntaxToken token) =>
        token.Kind() is SyntaxKind.OpenBraceToken or SyntaxKind.CloseBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.CloseParenToken
            or SyntaxKind.OpenBracketToken or SyntaxKind.CloseBracketToken or SyntaxKind.SemicolonToken or SyntaxKind.CommaToken;

    private static IEnumerable<(string Path, int Line)> LinesOf(SyntaxToken token)
    {
        FileLinePositionSpan span = token.GetLocation().GetLineSpan();
        for (int line = span.StartLinePosition.Line; line <= span.EndLinePosition.Line; line++)
        {
            yield return (span.Path, line);
        }
    }
}
