using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>docs/log.md names every event that a program can write.</summary>
internal static class LogRules
{
    private static readonly HashSet<string> Levels = ["Info", "Warning", "Error"];

    /// <summary>The events of a source: the literals in the first argument of a call that begins a line of the log.</summary>
    public static IEnumerable<string> Events(SourceFile file) =>
        file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax member && Levels.Contains(member.Name.Identifier.ValueText)
                && call.ArgumentList.Arguments.Count > 0)
            .SelectMany(call => call.ArgumentList.Arguments[0].DescendantNodes().OfType<LiteralExpressionSyntax>())
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression))
            .Select(literal => literal.Token.ValueText);

    /// <summary>Events that the page does not name.</summary>
    public static IEnumerable<string> Unlisted(IEnumerable<SourceFile> files, string page) =>
        from file in files
        from name in Events(file).Distinct()
        where !page.Contains($"`{name}`", StringComparison.Ordinal)
        select $"{file.Path} logs {name}, which docs/log.md does not name.";
}
