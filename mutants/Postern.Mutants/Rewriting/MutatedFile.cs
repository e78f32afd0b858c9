using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>A file of source with all its mutants, and the text that holds them all at once.</summary>
internal sealed class MutatedFile
{
    private readonly SyntaxNode _root;
    private readonly List<(Member Member, List<(Mutant Mutant, Change Change, StatementSyntax? Statement)> Mutants)> _members = [];

    /// <summary>Finds what can be changed in a file.</summary>
    /// <param name="path">Its name for reports.</param>
    /// <param name="text">Its text.</param>
    /// <param name="numbers">Where the numbers of mutants and places come from.</param>
    public MutatedFile(string path, string text, Numbers numbers)
    {
        Path = path;
        _root = CSharpSyntaxTree.ParseText(text).GetRoot();
        foreach (var member in Member.In(_root)) Find(member, numbers);
    }

    /// <summary>Its name for reports.</summary>
    public string Path { get; }

    public IEnumerable<Mutant> Mutants => _members.SelectMany(entry => entry.Mutants).Select(entry => entry.Mutant);

    /// <summary>The text with every mutant but the dropped ones.</summary>
    public string Write(IReadOnlySet<int> dropped)
    {
        var edits = new Edits(_root.ToFullString(), 0);
        foreach (var (member, all) in _members)
        {
            var kept = all.Where(entry => !dropped.Contains(entry.Mutant.Id)).ToList();
            if (kept.Count == 0) continue;
            var variants = kept.Select(entry => (entry.Mutant.Id, entry.Change)).ToList();
            var places = kept.Select(entry => (entry.Statement, entry.Mutant.Place)).Distinct().ToList();
            Variants.Write(edits, member, variants, places);
        }
        return edits.ToString();
    }

    private void Find(Member member, Numbers numbers)
    {
        if (member.Body is ArrowExpressionClauseSyntax { Expression: ThrowExpressionSyntax }) return;
        List<(Mutant, Change, StatementSyntax?)> found = [];
        Dictionary<SyntaxNode, int> places = [];
        HashSet<string> seen = [];
        foreach (var node in member.Body.DescendantNodesAndSelf(IsCode).Where(IsCode))
        {
            foreach (var change in Statements.In(node, member).Concat(Operators.In(node)))
            {
                if (!seen.Add($"{change.Span.Start} {change.Span.Length} {change.Text}")) continue;
                var statement = member.Body is EqualsValueClauseSyntax ? null : Places.StatementOf(change, member);
                if (!places.TryGetValue((SyntaxNode?)statement ?? member.Body, out int place))
                    places[(SyntaxNode?)statement ?? member.Body] = place = numbers.NextPlace++;
                int line = change.Shown.SyntaxTree.GetLineSpan(change.Span).StartLinePosition.Line + 1;
                found.Add((new Mutant(numbers.NextMutant++, place, Path, line, member.Name, change.Was, change.Becomes), change, statement));
            }
        }
        if (found.Count > 0) _members.Add((member, found));
    }

    private static bool IsCode(SyntaxNode node) => node switch
    {
        LocalDeclarationStatementSyntax local => !local.IsConst,
        AttributeListSyntax or ParameterListSyntax => false,
        _ => true,
    };
}

/// <summary>Numbers that are unique in a target.</summary>
internal sealed class Numbers
{
    public int NextMutant { get; set; } = 1;

    public int NextPlace { get; set; }
}
