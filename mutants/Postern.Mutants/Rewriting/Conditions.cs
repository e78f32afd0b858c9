using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>Conditions that are turned round.</summary>
internal static class Conditions
{
    /// <summary>The opposite of a condition; nothing where an operator of it is turned round anyway, or where it is no question.</summary>
    public static IEnumerable<Change> Negated(ExpressionSyntax? condition) =>
        condition is null || IsSwappedAnyway(condition) ? [] : [Change.Of(condition, $"!({condition})")];

    private static bool IsSwappedAnyway(ExpressionSyntax condition) => condition.Kind() is
        SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or
        SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression or
        SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression or
        SyntaxKind.LogicalNotExpression or SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression;
}
