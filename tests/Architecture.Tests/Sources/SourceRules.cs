using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Sources;

/// <summary>What every source file keeps to, whatever it is about.</summary>
internal static class SourceRules
{
    private static readonly string[] EmptySuffixes =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor", "Info", "Data"];

    private static readonly string[] FileWords = ["segment", "file", "directory", "folder", "offset", "sector"];

    private static readonly string[] UnfinishedWords = ["TODO", "FIXME", "HACK", "XXX"];

    /// <summary>Types that others can see and that do not say in a summary what they are. One part of a partial type is enough.</summary>
    public static IEnumerable<string> UndocumentedTypes(IEnumerable<SourceFile> files) =>
        from part in files.SelectMany(file => Types(file).Where(type => IsVisible(type)).Select(type => (file, type)))
        group part by FullName(part.type) into parts
        where !parts.Any(part => HasSummary(part.type))
        let first = parts.First()
        select $"{first.file.At(first.type)}: {Name(first.type)} has no summary.";

    /// <summary>A type name ends in a word that says what the type is, not that it is a type.</summary>
    public static IEnumerable<string> EmptyNames(SourceFile file) =>
        from type in Types(file)
        from suffix in EmptySuffixes
        where Name(type).EndsWith(suffix, StringComparison.Ordinal)
        select $"{file.At(type)}: the name {Name(type)} ends in {suffix}.";

    /// <summary>Marks of unfinished work, in comments; the issue tracker is the place for it.</summary>
    public static IEnumerable<string> UnfinishedMarks(SourceFile file) =>
        from trivia in file.Root.DescendantTrivia()
        where IsComment(trivia)
        from word in UnfinishedWords
        where HasWord(trivia.ToFullString(), word)
        select $"{file.Path}:{trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: a comment says {word}.";

    /// <summary>Places that catch everything. A filter (when) makes it a choice, and passes.</summary>
    public static IEnumerable<string> CatchAlls(SourceFile file) =>
        from clause in file.Root.DescendantNodes().OfType<CatchClauseSyntax>()
        where clause.Filter is null && (clause.Declaration is null || LastName(clause.Declaration.Type) == "Exception")
        select $"{file.At(clause)}: catches everything.";

    /// <summary>Words for how a log is stored, in what a file shows to everybody; what is internal may say them.</summary>
    public static IEnumerable<string> StorageWords(SourceFile file) =>
        from token in file.Root.DescendantTokens()
        where !token.Parent!.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().Any(IsInternal)
        from text in token.LeadingTrivia.Where(IsComment).Select(trivia => trivia.ToFullString()).Append(token.ValueText)
        from word in FileWords
        where text.Contains(word, StringComparison.OrdinalIgnoreCase)
        select $"{file.Path}:{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: says {word}.";

    private static bool IsInternal(MemberDeclarationSyntax member) =>
        member.Modifiers.Any(SyntaxKind.InternalKeyword) || member.Modifiers.Any(SyntaxKind.PrivateKeyword);

    internal static IEnumerable<MemberDeclarationSyntax> Types(SourceFile file) =>
        file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    internal static string Name(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier.Text,
        DelegateDeclarationSyntax named => named.Identifier.Text,
        _ => "",
    };

    internal static string FullName(MemberDeclarationSyntax type)
    {
        IEnumerable<string> outer = type.Ancestors().Select(ancestor => ancestor switch
        {
            BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
            TypeDeclarationSyntax owner => owner.Identifier.Text + Arity(owner),
            _ => "",
        });
        return string.Join('.', outer.Where(name => name.Length > 0).Reverse().Append(Name(type) + Arity(type)));
    }

    private static string Arity(MemberDeclarationSyntax type) =>
        type is TypeDeclarationSyntax { TypeParameterList.Parameters.Count: > 0 and var count } ? $"`{count}" : "";

    // Visible outside its file: neither it nor a type around it is private, and it isn't local to the file.
    private static bool IsVisible(MemberDeclarationSyntax type) =>
        type.AncestorsAndSelf().OfType<MemberDeclarationSyntax>()
            .Where(part => part is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .All(part => !part.Modifiers.Any(SyntaxKind.FileKeyword) && !IsPrivate(part));

    private static bool IsPrivate(MemberDeclarationSyntax type)
    {
        bool nested = type.Parent is TypeDeclarationSyntax and not InterfaceDeclarationSyntax;
        bool says = type.Modifiers.Any(SyntaxKind.PublicKeyword) || type.Modifiers.Any(SyntaxKind.InternalKeyword)
            || type.Modifiers.Any(SyntaxKind.ProtectedKeyword);
        return nested && !says;
    }

    private static bool HasSummary(MemberDeclarationSyntax type) =>
        type.GetLeadingTrivia()
            .Select(trivia => trivia.GetStructure())
            .OfType<DocumentationCommentTriviaSyntax>()
            .SelectMany(comment => comment.Content.OfType<XmlElementSyntax>())
            .Any(element => element.StartTag.Name.LocalName.Text == "summary" && element.Content.ToString().Trim(' ', '/', '\n', '\r').Length > 0);

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia);

    private static bool HasWord(string text, string word)
    {
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            bool begins = at == 0 || !char.IsLetterOrDigit(text[at - 1]);
            bool ends = at + word.Length == text.Length || !char.IsLetterOrDigit(text[at + word.Length]);
            if (begins && ends)
            {
                return true;
            }
        }

        return false;
    }

    private static string LastName(TypeSyntax type) => type is QualifiedNameSyntax qualified ? qualified.Right.Identifier.Text : type.ToString();
}
