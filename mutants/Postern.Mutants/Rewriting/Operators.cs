using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>The mistakes that are made in expressions and patterns.</summary>
internal static class Operators
{
    private static readonly Dictionary<SyntaxKind, string[]> _tokens = new()
    {
        [SyntaxKind.LessThanToken] = ["<=", ">="],
        [SyntaxKind.LessThanEqualsToken] = ["<", ">"],
        [SyntaxKind.GreaterThanToken] = [">=", "<="],
        [SyntaxKind.GreaterThanEqualsToken] = [">", "<"],
        [SyntaxKind.EqualsEqualsToken] = ["!="],
        [SyntaxKind.ExclamationEqualsToken] = ["=="],
        [SyntaxKind.AmpersandAmpersandToken] = ["||"],
        [SyntaxKind.BarBarToken] = ["&&"],
        [SyntaxKind.PlusToken] = ["-"],
        [SyntaxKind.MinusToken] = ["+"],
        [SyntaxKind.AsteriskToken] = ["/"],
        [SyntaxKind.SlashToken] = ["*"],
        [SyntaxKind.PercentToken] = ["*"],
        [SyntaxKind.AmpersandToken] = ["|"],
        [SyntaxKind.BarToken] = ["&"],
        [SyntaxKind.CaretToken] = ["&"],
        [SyntaxKind.LessThanLessThanToken] = [">>"],
        [SyntaxKind.GreaterThanGreaterThanToken] = ["<<"],
        [SyntaxKind.PlusEqualsToken] = ["-="],
        [SyntaxKind.MinusEqualsToken] = ["+="],
        [SyntaxKind.AsteriskEqualsToken] = ["/="],
        [SyntaxKind.SlashEqualsToken] = ["*="],
        [SyntaxKind.AmpersandEqualsToken] = ["|="],
        [SyntaxKind.BarEqualsToken] = ["&="],
        [SyntaxKind.PlusPlusToken] = ["--"],
        [SyntaxKind.MinusMinusToken] = ["++"],
    };

    public static IEnumerable<Change> In(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax binary => Swapped(binary.OperatorToken, node),
        AssignmentExpressionSyntax assignment => Swapped(assignment.OperatorToken, node),
        RelationalPatternSyntax pattern => Swapped(pattern.OperatorToken, node),
        PrefixUnaryExpressionSyntax prefix => InPrefix(prefix),
        PostfixUnaryExpressionSyntax postfix => Swapped(postfix.OperatorToken, node),
        BinaryPatternSyntax pattern => [Change.Of(pattern.OperatorToken, pattern.IsKind(SyntaxKind.OrPattern) ? "and" : "or", node)],
        LiteralExpressionSyntax literal => InLiteral(literal),
        ConditionalExpressionSyntax conditional => Conditions.Negated(conditional.Condition),
        WhenClauseSyntax clause => Conditions.Negated(clause.Condition),
        _ => [],
    };

    private static IEnumerable<Change> Swapped(SyntaxToken token, SyntaxNode shown) =>
        _tokens.TryGetValue(token.Kind(), out string[]? others) ? others.Select(other => Change.Of(token, other, shown)) : [];

    private static IEnumerable<Change> InPrefix(PrefixUnaryExpressionSyntax prefix) => prefix.Kind() switch
    {
        SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression => Swapped(prefix.OperatorToken, prefix),
        SyntaxKind.LogicalNotExpression or SyntaxKind.UnaryMinusExpression or SyntaxKind.BitwiseNotExpression =>
            [Change.Of(prefix.OperatorToken, "", prefix)],
        _ => [],
    };

    private static IEnumerable<Change> InLiteral(LiteralExpressionSyntax literal)
    {
        // A bare "2" says nothing to who reads the list.
        SyntaxNode shown = literal;
        while (shown is LiteralExpressionSyntax or ArgumentSyntax or BaseArgumentListSyntax or RangeExpressionSyntax or ConstantPatternSyntax or EqualsValueClauseSyntax)
            shown = shown.Parent!;
        if (literal.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression)
        {
            // A returned one is the business of Returns; a loop without end stays one.
            if (literal.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax or WhileStatementSyntax) return [];
            return [Change.Of(literal.Token, literal.IsKind(SyntaxKind.TrueLiteralExpression) ? "false" : "true", shown)];
        }
        if (!literal.IsKind(SyntaxKind.NumericLiteralExpression) || literal.Token.Value is float or double or decimal) return [];
        string suffix = literal.Token.Value switch { uint => "u", long => "L", ulong => "UL", _ => "" };
        ulong value = Convert.ToUInt64(literal.Token.Value, CultureInfo.InvariantCulture);
        return value == ulong.MaxValue ? [] : [Change.Of(literal.Token, (value + 1).ToString(CultureInfo.InvariantCulture) + suffix, shown)];
    }
}
