using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Postern.Mutants.Rewriting;

/// <summary>Changes to a text, made all at once; those at one place in the order in which they came.</summary>
/// <param name="text">The text.</param>
/// <param name="start">Where it begins in the file whose places are used.</param>
internal sealed class Edits(string text, int start)
{
    private readonly List<(TextSpan Span, string Text)> _edits = [];

    public void Insert(int at, string inserted) => _edits.Add((new TextSpan(at, 0), inserted));

    public void Replace(TextSpan span, string replacement) => _edits.Add((span, replacement));

    public override string ToString()
    {
        var result = new StringBuilder();
        int at = start;
        foreach (var (span, inserted) in _edits.OrderBy(edit => edit.Span.Start))
        {
            result.Append(text, at - start, span.Start - at).Append(inserted);
            at = span.End;
        }
        return result.Append(text, at - start, text.Length - (at - start)).ToString();
    }
}
