using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Postern.Mutants.Rewriting;

/// <summary>A piece of source and what takes its place.</summary>
/// <param name="Span">The piece.</param>
/// <param name="Text">Its replacement.</param>
/// <param name="Shown">The node around it that a reader has to see to understand the change.</param>
internal readonly record struct Change(TextSpan Span, string Text, SyntaxNode Shown)
{
    public string Was => Table.Field(Shown.ToString());

    public string Becomes
    {
        get
        {
            string text = Shown.ToString();
            int start = Span.Start - Shown.SpanStart;
            return Table.Field(text[..start] + Text + text[(start + Span.Length)..]);
        }
    }

    public static Change Of(SyntaxNode node, string text) => new(node.Span, text, node);

    public static Change Of(SyntaxToken token, string text, SyntaxNode shown) => new(token.Span, text, shown);
}
