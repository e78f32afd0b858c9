namespace Postern.Mail;

/// <summary>Sees to it that content stays below the fields that are put on top of it.</summary>
public static class LeadingFold
{
    /// <summary>True for content whose first line begins with white space: right below a field it would be a part of that field
    /// (RFC 5322 §2.2.3), and what a stranger wrote our own word.</summary>
    /// <remarks>Whoever puts fields on top ends them with an empty line then. Such content has no header of its own, so nothing
    /// of it changes its meaning, and it stays whole; refusing it would be no better for anybody.</remarks>
    /// <param name="content">The content from its first byte.</param>
    public static bool IsAt(ReadOnlySpan<byte> content) => content is [(byte)' ' or (byte)'\t', ..];
}
