using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Postern.Mutants.Rewriting;

namespace Postern.Mutants.Compiling;

/// <summary>Finds the mutant that an error of the compiler is about.</summary>
internal static class Culprit
{
    /// <summary>The mutant whose variant holds a place; null when none does.</summary>
    public static int? Of(SyntaxNode root, TextSpan span)
    {
        SyntaxNode? from = null;
        for (var node = root.FindNode(span, getInnermostNodeForTie: true); node is not null; from = node, node = node.Parent)
        {
            int? id = node switch
            {
                MethodDeclarationSyntax method => OfName(method.Identifier.Text),
                // An error of the way to a variant: the case that calls it.
                SwitchSectionSyntax section => section.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => OfName(name.Identifier.Text)).FirstOrDefault(found => found is not null),
                IfStatementSyntax branch when from == branch.Statement => OfCondition(branch.Condition),
                ConditionalExpressionSyntax choice when from == choice.WhenTrue || span.Contains(choice.Span) => OfCondition(choice.Condition),
                _ => null,
            };
            if (id is not null) return id;
        }
        return null;
    }

    private static int? OfName(string name)
    {
        int mark = name.LastIndexOf(Variants.Mark, StringComparison.Ordinal);
        return mark >= 0 && int.TryParse(name.AsSpan(mark + Variants.Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    private static int? OfCondition(ExpressionSyntax condition) =>
        condition is InvocationExpressionSyntax call && call.Expression.ToString() == $"{Switch.Name}.Is"
        && int.TryParse(call.ArgumentList.Arguments[0].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
}
