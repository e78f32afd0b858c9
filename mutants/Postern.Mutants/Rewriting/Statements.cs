using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>The mistakes that are made with whole statements.</summary>
internal static class Statements
{
    public static IEnumerable<Change> In(SyntaxNode node, Member member) => node switch
    {
        // A call, an assignment, a step that is forgotten.
        ExpressionStatementSyntax statement => [Change.Of(statement, ";")],
        IfStatementSyntax statement => Conditions.Negated(statement.Condition),
        WhileStatementSyntax statement => Conditions.Negated(statement.Condition),
        DoStatementSyntax statement => Conditions.Negated(statement.Condition),
        ForStatementSyntax statement => Conditions.Negated(statement.Condition),
        ReturnStatementSyntax { Expression: { } value } => Returned(value, IsTruth(node, member)),
        ArrowExpressionClauseSyntax arrow when ReturnsValue(arrow, member) => Returned(arrow.Expression, IsTruth(node, member)),
        _ => [],
    };

    private static IEnumerable<Change> Returned(ExpressionSyntax value, bool isTruth)
    {
        Change Instead(string text) => new(value.Span, text, value.Parent!);
        return (isTruth, value.Kind()) switch
        {
            (true, SyntaxKind.TrueLiteralExpression) => [Instead("false")],
            (true, SyntaxKind.FalseLiteralExpression) => [Instead("true")],
            (true, _) => [Instead("true"), Instead("false")],
            (_, SyntaxKind.NumericLiteralExpression or SyntaxKind.NullLiteralExpression or SyntaxKind.ThrowExpression) => [],
            (_, SyntaxKind.DefaultLiteralExpression) => [],
            _ => [Instead("default!")],
        };
    }

    private static bool ReturnsValue(ArrowExpressionClauseSyntax arrow, Member member) =>
        arrow.Parent is LocalFunctionStatementSyntax local ? local.ReturnType.ToString() != "void" : member.ReturnsValue;

    private static bool IsTruth(SyntaxNode node, Member member)
    {
        var function = node.Ancestors().FirstOrDefault(ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
        return function switch
        {
            LocalFunctionStatementSyntax local => local.ReturnType.ToString() == "bool",
            // Of a lambda it is not known here what it returns.
            not null => false,
            _ => member.IsTruth,
        };
    }
}
