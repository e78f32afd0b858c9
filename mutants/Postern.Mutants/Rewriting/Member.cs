using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Mutants.Rewriting;

/// <summary>A piece of code that is run as a whole: a method, an accessor, a constructor, what a field begins with.</summary>
/// <param name="Declaration">What declares it.</param>
/// <param name="Body">A block, an arrow with its expression, or an equals sign with its value.</param>
/// <param name="Type">What it returns, as it is written; "void" for nothing.</param>
internal sealed record Member(SyntaxNode Declaration, SyntaxNode Body, string Type)
{
    /// <summary>True when its statements return a value.</summary>
    public bool ReturnsValue => Type != "void" && !(IsAsync && Type is "Task" or "ValueTask");

    /// <summary>True when that value is a yes or no.</summary>
    public bool IsTruth => Type is "bool" || (IsAsync && Type is "Task<bool>" or "ValueTask<bool>");

    public bool IsAsync => Declaration is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.AsyncKeyword);

    /// <summary>The method, when its variants can be methods of their own.</summary>
    /// <remarks>Then a variant costs nothing to who does not run it. What yields and what returns a reference has its variants inside.</remarks>
    public MethodDeclarationSyntax? Method =>
        Declaration is MethodDeclarationSyntax method && method.ReturnType is not RefTypeSyntax
        && !method.DescendantNodes().Any(node => node is YieldStatementSyntax) ? method : null;

    /// <summary>The type's and the member's names.</summary>
    public string Name
    {
        get
        {
            var type = Declaration.Ancestors().OfType<TypeDeclarationSyntax>().First();
            var named = Declaration.AncestorsAndSelf().First(node => node is MemberDeclarationSyntax);
            return $"{type.Identifier.Text}.{NameOf(named)}";
        }
    }

    /// <summary>Every member of a file that can be changed. What runs before any test, and what is fixed, is left out.</summary>
    public static IEnumerable<Member> In(SyntaxNode root) =>
        root.DescendantNodes().OfType<TypeDeclarationSyntax>().SelectMany(type => type.Members).SelectMany(Of);

    private static IEnumerable<Member> Of(MemberDeclarationSyntax declaration)
    {
        bool fixedOnce = declaration.Modifiers.Any(SyntaxKind.StaticKeyword) || declaration.Modifiers.Any(SyntaxKind.ConstKeyword);
        switch (declaration)
        {
            case MethodDeclarationSyntax method:
                if (BodyOf(method) is { } body) yield return new Member(method, body, method.ReturnType.ToString());
                break;
            case ConstructorDeclarationSyntax constructor:
                if (!fixedOnce && BodyOf(constructor) is { } made) yield return new Member(constructor, made, "void");
                break;
            case OperatorDeclarationSyntax operation:
                if (BodyOf(operation) is { } operated) yield return new Member(operation, operated, operation.ReturnType.ToString());
                break;
            case ConversionOperatorDeclarationSyntax conversion:
                if (BodyOf(conversion) is { } converted) yield return new Member(conversion, converted, conversion.Type.ToString());
                break;
            case BasePropertyDeclarationSyntax property:
                foreach (var member in InProperty(property, fixedOnce)) yield return member;
                break;
            case FieldDeclarationSyntax field when !fixedOnce:
                foreach (var variable in field.Declaration.Variables)
                    if (variable.Initializer is { } start) yield return new Member(field, start, field.Declaration.Type.ToString());
                break;
        }
    }

    private static IEnumerable<Member> InProperty(BasePropertyDeclarationSyntax property, bool fixedOnce)
    {
        string type = property.Type.ToString();
        if (property is PropertyDeclarationSyntax { ExpressionBody: { } arrow }) yield return new Member(property, arrow, type);
        if (property is IndexerDeclarationSyntax { ExpressionBody: { } indexed }) yield return new Member(property, indexed, type);
        if (property is PropertyDeclarationSyntax { Initializer: { } start } && !fixedOnce) yield return new Member(property, start, type);
        foreach (var accessor in property.AccessorList?.Accessors ?? default)
        {
            SyntaxNode? body = accessor.Body is { } block ? block : accessor.ExpressionBody;
            if (body is not null) yield return new Member(accessor, body, accessor.IsKind(SyntaxKind.GetAccessorDeclaration) ? type : "void");
        }
    }

    private static SyntaxNode? BodyOf(BaseMethodDeclarationSyntax method) => method.Body is { } block ? block : method.ExpressionBody;

    private static string NameOf(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        IndexerDeclarationSyntax => "this[]",
        OperatorDeclarationSyntax operation => "operator " + operation.OperatorToken.Text,
        FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
        _ => "new",
    };
}
