using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Postern.Architecture.Trust;

/// <summary>
/// What of our own code a program can run, found as a trimmer would: from its entry point along every call. Where a call's
/// target is decided at run time the answer is generous: a type that is touched keeps every member that could be called
/// through a base type, an interface, or a statement of the language.
/// </summary>
internal sealed class ReachableCode
{
    // Called by foreach, await, using, deconstruction and conversion without being named.
    private static readonly HashSet<string> CalledByTheLanguage =
        ["GetEnumerator", "MoveNext", "Current", "Dispose", "DisposeAsync", "GetAwaiter", "IsCompleted", "GetResult", "OnCompleted",
        "Deconstruct", "Slice", "Length", "Count", "op_Implicit", "op_Explicit", "op_True", "op_False"];

    private readonly CSharpCompilation _compilation;
    private readonly Stack<ISymbol> _open = [];
    private readonly HashSet<ISymbol> _reached = new(SymbolEqualityComparer.Default);

    private ReachableCode(CSharpCompilation compilation) => _compilation = compilation;

    /// <summary>Members and types, each as it was declared, that can be reached from the entry point.</summary>
    public static IReadOnlyCollection<ISymbol> From(CSharpCompilation compilation)
    {
        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)
            ?? throw new InvalidOperationException("The program has no entry point.");
        ReachableCode code = new(compilation);
        code.Reach(entry);
        while (code._open.TryPop(out ISymbol? symbol))
        {
            code.Follow(symbol);
        }

        return code._reached;
    }

    private void Reach(ISymbol? symbol)
    {
        switch (symbol)
        {
            case null:
                return;
            case IArrayTypeSymbol array:
                Reach(array.ElementType);
                return;
            case IPointerTypeSymbol pointer:
                Reach(pointer.PointedAtType);
                return;
            case INamedTypeSymbol { IsGenericType: true } generic:
                Array.ForEach([.. generic.TypeArguments], Reach);
                break;
            case IMethodSymbol { IsGenericMethod: true } generic:
                Array.ForEach([.. generic.TypeArguments], Reach);
                break;
            default:
                break;
        }

        // An extension method that is called on its receiver is the same method.
        ISymbol declared = (symbol is IMethodSymbol { ReducedFrom: { } whole } ? whole : symbol).OriginalDefinition;
        bool ours = declared.Locations.Any(location => location.IsInSource);
        if (ours && declared is INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol && _reached.Add(declared))
        {
            _open.Push(declared);
        }
    }

    private void Follow(ISymbol symbol)
    {
        Reach(symbol.ContainingType);
        switch (symbol)
        {
            case INamedTypeSymbol type:
                FollowType(type);
                return;
            case IMethodSymbol method:
                Reach(method.ReturnType);
                Reach(method.PartialImplementationPart);
                Reach(method.AssociatedSymbol);
                Array.ForEach([.. method.Parameters], parameter => Reach(parameter.Type));
                break;
            case IPropertySymbol property:
                Reach(property.Type);
                break;
            case IFieldSymbol field:
                Reach(field.Type);
                break;
            default:
                break;
        }

        foreach (SyntaxReference declaration in symbol.DeclaringSyntaxReferences)
        {
            FollowSyntax(declaration.GetSyntax());
        }
    }

    private void FollowType(INamedTypeSymbol type)
    {
        Reach(type.BaseType);
        foreach (ISymbol member in type.GetMembers().Where(member => !member.IsImplicitlyDeclared))
        {
            // A constant is compiled into whoever names it.
            bool field = member is IFieldSymbol { IsConst: false };
            if (field || member.IsOverride || CalledByTheLanguage.Contains(member.Name) || IsStartOfType(member) || Implements(type, member))
            {
                Reach(member);
            }
        }

        // Initializers of properties without a field of ours run with the constructor.
        foreach (PropertyDeclarationSyntax property in type.DeclaringSyntaxReferences
            .SelectMany(part => part.GetSyntax().ChildNodes().OfType<PropertyDeclarationSyntax>())
            .Where(property => property.Initializer is not null))
        {
            FollowSyntax(property.Initializer!);
        }
    }

    private static bool IsStartOfType(ISymbol member) =>
        member is IMethodSymbol { MethodKind: MethodKind.StaticConstructor or MethodKind.Destructor };

    private static bool Implements(INamedTypeSymbol type, ISymbol member) =>
        type.AllInterfaces.SelectMany(face => face.GetMembers())
            .Any(asked => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(asked), member));

    private void FollowSyntax(SyntaxNode declaration)
    {
        SemanticModel model = _compilation.GetSemanticModel(declaration.SyntaxTree);
        // The entry point of a file of statements is declared by the whole file; a type's primary constructor by the type.
        IEnumerable<SyntaxNode> bodies = declaration switch
        {
            CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>(),
            TypeDeclarationSyntax type => type.BaseList is null ? [] : [type.BaseList],
            _ => [declaration],
        };
        foreach (SyntaxNode node in bodies.SelectMany(body => body.DescendantNodesAndSelf()))
        {
            SymbolInfo found = model.GetSymbolInfo(node);
            Reach(found.Symbol);
            // Code that generators would have written can leave a call undecided: then every candidate counts.
            Array.ForEach([.. found.CandidateSymbols], Reach);
            if (node is ExpressionSyntax value)
            {
                Reach(model.GetTypeInfo(value).Type);
                Reach(model.GetConversion(value).MethodSymbol);
            }
        }
    }
}
