using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Postern.Architecture.Sizes;

/// <summary>
/// Lines of code: those that say something, so no comments, no blank ones, and none that hold brackets alone, which the style
/// of bracing would otherwise double.
/// </summary>
internal static class CodeLines
{
    public static IEnumerable<(string Path, int Line)> Of(IEnumerable<SyntaxToken> tokens) =>
        tokens.Where(token => !IsPunctuation(token)).SelectMany(LinesOf).Distinct();

    private static bool IsPunctuation(SyntaxToken token) =>
        token.Kind() is SyntaxKind.OpenBraceToken or SyntaxKind.CloseBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.CloseParenToken
            or SyntaxKind.OpenBracketToken or SyntaxKind.CloseBracketToken or SyntaxKind.SemicolonToken or SyntaxKind.CommaToken
            or SyntaxKind.EndOfFileToken;

    private static IEnumerable<(string Path, int Line)> LinesOf(SyntaxToken token)
    {
        FileLinePositionSpan span = token.GetLocation().GetLineSpan();
        for (int line = span.StartLinePosition.Line; line <= span.EndLinePosition.Line; line++)
        {
            yield return (span.Path, line);
        }
    }
}
