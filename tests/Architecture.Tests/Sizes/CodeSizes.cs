using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Sources;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Sizes;

/// <summary>Lines and parameters per method, and fields per session object: where servers grow old first.</summary>
internal static class CodeSizes
{
    private static readonly string[] SessionSuffixes = ["Session", "Connection", "Transaction"];

    /// <summary>
    /// Lines of each method, constructor, operator, accessor and local function, from its signature to its end; a method
    /// that is one table or one switch is measured apart, since splitting it would hide what it lists.
    /// </summary>
    public static IEnumerable<Measurement> MethodLines(SourceFile file) =>
        from node in file.Root.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        select new Measurement(IsTable(node) ? "table-lines" : "method-lines", Subject(file, node), Lines(file, node));

    /// <summary>Parameters of each method and constructor. A record's are its fields, and the fields of a value are its shape.</summary>
    public static IEnumerable<Measurement> Parameters(SourceFile file) =>
        from list in file.Root.DescendantNodes().OfType<ParameterListSyntax>()
        where list.Parent is not (RecordDeclarationSyntax or ParenthesizedLambdaExpressionSyntax or AnonymousMethodExpressionSyntax)
        select new Measurement("parameters", Subject(file, list.Parent!), list.Parameters.Count);

    /// <summary>Instance fields of each session object, with what the compiler makes a field of; parts of a partial type together.</summary>
    public static IEnumerable<Measurement> SessionFields(IEnumerable<SourceFile> files) =>
        from type in files.SelectMany(file => file.Root.DescendantNodes()).OfType<TypeDeclarationSyntax>()
        where type is ClassDeclarationSyntax or StructDeclarationSyntax
            && SessionSuffixes.Any(suffix => type.Identifier.Text.EndsWith(suffix, StringComparison.Ordinal))
        group type by SourceRules.FullName(type) into parts
        select new Measurement("session-fields", parts.Key, parts.Sum(InstanceFields));

    private static int InstanceFields(TypeDeclarationSyntax type)
    {
        int fields = type.Members.OfType<FieldDeclarationSyntax>()
            .Where(field => !field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ConstKeyword))
            .Sum(field => field.Declaration.Variables.Count);
        int automatic = type.Members.OfType<PropertyDeclarationSyntax>()
            .Count(property => !property.Modifiers.Any(SyntaxKind.StaticKeyword)
                && property.AccessorList?.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null) == true);
        return fields + automatic + (type.ParameterList?.Parameters.Count ?? 0);
    }

    // One switch or one list, in a block or behind an arrow.
    private static bool IsTable(SyntaxNode node)
    {
        SyntaxNode? only = node switch
        {
            BaseMethodDeclarationSyntax { ExpressionBody.Expression: var value } => value,
            BaseMethodDeclarationSyntax { Body.Statements: [var one] } => one,
            LocalFunctionStatementSyntax { ExpressionBody.Expression: var value } => value,
            LocalFunctionStatementSyntax { Body.Statements: [var one] } => one,
            AccessorDeclarationSyntax { ExpressionBody.Expression: var value } => value,
            _ => null,
        };
        if (only is ReturnStatementSyntax { Expression: var returned })
        {
            only = returned;
        }

        return only is SwitchStatementSyntax or SwitchExpressionSyntax or CollectionExpressionSyntax;
    }

    // Attributes and comments above are not the method.
    private static int Lines(SourceFile file, SyntaxNode node)
    {
        SyntaxToken first = node switch
        {
            MemberDeclarationSyntax { AttributeLists: [.., var last] } => last.GetLastToken().GetNextToken(),
            LocalFunctionStatementSyntax { AttributeLists: [.., var last] } => last.GetLastToken().GetNextToken(),
            _ => node.GetFirstToken(),
        };
        int begin = file.Tree.GetLineSpan(first.Span).StartLinePosition.Line;
        int end = file.Tree.GetLineSpan(node.Span).EndLinePosition.Line;
        return end - begin + 1;
    }

    // The path and the name without the line, so that an exception in the budgets survives edits above it.
    private static string Subject(SourceFile file, SyntaxNode node)
    {
        string name = node switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            LocalFunctionStatementSyntax method => method.Identifier.Text,
            AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            DelegateDeclarationSyntax type => type.Identifier.Text,
            _ => node.Kind().ToString(),
        };
        string? owner = node.Ancestors().OfType<TypeDeclarationSyntax>().FirstOrDefault()?.Identifier.Text;
        return $"{file.Path} {(owner is null ? name : $"{owner}.{name}")}";
    }
}
