using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>Statements that report that they were reached.</summary>
internal static class Places
{
    /// <summary>The statement that reports for a change; null when the member itself does.</summary>
    public static StatementSyntax? StatementOf(Change change, Member member)
    {
        for (var node = member.Body.FindNode(change.Span, getInnermostNodeForTie: true); node is not null && node != member.Body; node = node.Parent)
        {
            // A local function without a block may be called before its own place, or from behind a return.
            if (node is LocalFunctionStatementSyntax) return null;
            if (node is StatementSyntax statement and not BlockSyntax) return statement;
        }
        return null;
    }

    /// <summary>Adds the report to the text.</summary>
    public static void Report(Edits edits, StatementSyntax statement, int place)
    {
        if (statement.Parent is BlockSyntax or SwitchSectionSyntax)
        {
            edits.Insert(statement.SpanStart, Call(place));
            return;
        }
        edits.Insert(statement.SpanStart, $"{{ {Call(place)}");
        edits.Insert(statement.Span.End, " }");
    }

    public static string Call(int place) => $"{Switch.Name}.Reach({place}); ";
}
