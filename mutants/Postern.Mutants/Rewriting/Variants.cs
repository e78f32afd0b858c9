using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>Puts all mutants of a member into the text: each is the whole member once more, with its one mistake.</summary>
/// <remarks>
/// Because a variant is complete in itself, whatever was declared, assigned or narrowed in it is so in the variant, too; and
/// an error of the compiler in it speaks of this mutant and no other.
/// </remarks>
internal static class Variants
{
    /// <summary>What a variant's name has between the method's own and the mutant's number.</summary>
    public const string Mark = "__M";

    public static void Write(
        Edits edits, Member member, List<(int Id, Change Change)> variants, List<(StatementSyntax? Statement, int Place)> places)
    {
        if (member.Body is EqualsValueClauseSyntax start)
        {
            WriteStart(edits, start, variants, places[0].Place);
            return;
        }
        var own = places.Where(place => place.Statement is null).Select(place => Places.Call(place.Place));
        string before = string.Concat(own) + (member.Method is { } method ? Dispatch(member, method, variants) : Chain(member, variants));
        // The variants that stand inside are branches, and so is the member itself.
        string after = member.Method is null ? " }" : "";
        switch (member.Body)
        {
            case BlockSyntax block:
                edits.Insert(block.OpenBraceToken.Span.End, before);
                foreach (var (statement, place) in places)
                    if (statement is not null) Places.Report(edits, statement, place);
                edits.Insert(block.CloseBraceToken.SpanStart, after);
                break;
            case ArrowExpressionClauseSyntax arrow:
                bool needsGetter = member.Declaration is BasePropertyDeclarationSyntax;
                foreach (var (statement, place) in places)
                    if (statement is not null) Places.Report(edits, statement, place);
                edits.Replace(arrow.ArrowToken.Span, $"{(needsGetter ? "{ get " : "")}{{ {before}{(member.ReturnsValue ? "return " : "")}");
                edits.Insert(arrow.GetLastToken().GetNextToken().Span.End, $"{after} }}{(needsGetter ? " }" : "")}");
                break;
        }
        if (member.Method is { } whole) edits.Insert(whole.Span.End, Methods(member, whole, variants));
    }

    // An initializer has no statements: a choice of expressions.
    private static void WriteStart(Edits edits, EqualsValueClauseSyntax start, List<(int Id, Change Change)> variants, int place)
    {
        var choices = variants.Select(variant => $"{Switch.Name}.Is({variant.Id}, {place}) ? ({Changed(start.Value, variant.Change)}) : ");
        edits.Insert(start.Value.SpanStart, $"({string.Concat(choices)}(");
        edits.Insert(start.Value.Span.End, "))");
    }

    // One comparison when no mutant of this method is at work.
    private static string Dispatch(Member member, MethodDeclarationSyntax method, List<(int Id, Change Change)> variants)
    {
        var text = new StringBuilder($"if ({Switch.Name}.Active >= {variants[0].Id} && {Switch.Name}.Active <= {variants[^1].Id}) switch ({Switch.Name}.Active) {{ ");
        string types = method.TypeParameterList is { } list ? $"<{string.Join(", ", list.Parameters.Select(parameter => parameter.Identifier.Text))}>" : "";
        string arguments = string.Join(", ", method.ParameterList.Parameters.Select(Argument));
        foreach (var (id, _) in variants)
        {
            string call = $"{(member.IsAsync && member.Type != "void" ? "await " : "")}{method.Identifier.Text}{Mark}{id}{types}({arguments})";
            text.Append($"case {id}: {(member.ReturnsValue ? $"return {call};" : $"{call}; return;")} ");
        }
        return text.Append("} ").ToString();
    }

    private static string Chain(Member member, List<(int Id, Change Change)> variants)
    {
        var text = new StringBuilder();
        foreach (var (id, change) in variants) text.Append($"if ({Switch.Name}.Is({id})) {ChangedBody(member, change)} else ");
        return text.Append("{ ").ToString();
    }

    private static string Methods(Member member, MethodDeclarationSyntax method, List<(int Id, Change Change)> variants)
    {
        var text = new StringBuilder();
        var kept = method.Modifiers.Where(modifier => modifier.Kind() is
            SyntaxKind.StaticKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.ReadOnlyKeyword or SyntaxKind.UnsafeKeyword);
        string parameters = string.Join(", ", method.ParameterList.Parameters.Select(Parameter));
        foreach (var (id, change) in variants)
        {
            text.Append($"\n{method.AttributeLists} private {string.Join(' ', kept.Select(modifier => modifier.Text))} {method.ReturnType} ")
                .Append($"{method.Identifier.Text}{Mark}{id}{method.TypeParameterList}({parameters}) {method.ConstraintClauses} ")
                .Append(ChangedBody(member, change));
        }
        return text.ToString();
    }

    private static string ChangedBody(Member member, Change change) => member.Body is ArrowExpressionClauseSyntax arrow
        ? $"{{ {(member.ReturnsValue ? "return " : "")}{Changed(arrow.Expression, change)}; }}"
        : Changed(member.Body, change);

    private static string Changed(SyntaxNode node, Change change)
    {
        var edits = new Edits(node.ToString(), node.SpanStart);
        edits.Replace(change.Span, change.Text);
        return edits.ToString();
    }

    private static string Parameter(ParameterSyntax parameter) =>
        parameter.WithModifiers([.. parameter.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.ThisKeyword))]).ToString();

    private static string Argument(ParameterSyntax parameter)
    {
        string name = parameter.Identifier.Text;
        bool Has(SyntaxKind kind) => parameter.Modifiers.Any(kind);
        if (Has(SyntaxKind.OutKeyword)) return $"out {name}";
        if (Has(SyntaxKind.InKeyword) || (Has(SyntaxKind.RefKeyword) && Has(SyntaxKind.ReadOnlyKeyword))) return $"in {name}";
        return Has(SyntaxKind.RefKeyword) ? $"ref {name}" : name;
    }
}
