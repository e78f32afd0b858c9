using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Postern.Architecture.Trust;

/// <summary>
/// What of a program's compiled code can run, found as a trimmer would: from the entry point along every call. Where a
/// call's target is decided at run time the answer is generous: of a type that may be made, every method counts that the
/// framework may call, and every one that has the name of something that is called anywhere.
/// </summary>
internal sealed class CallGraph
{
    private readonly CodeNames _names;
    private readonly Dictionary<MetadataReader, CodeImage> _images;
    private readonly Stack<CodeMethod> _open = [];
    private readonly HashSet<CodeMethod> _reached = [];
    private readonly HashSet<CodeType> _named = [];
    private readonly HashSet<CodeType> _made = [];
    private readonly HashSet<string> _called = [];
    private readonly Dictionary<string, List<CodeMethod>> _uncalled = [];
    private readonly Dictionary<CodeType, List<CodeMethod>> _unnamed = [];
    private readonly HashSet<string> _cut;
    private readonly HashSet<string> _met = [];
    private readonly TypeNames _signatures;

    private CallGraph(IReadOnlyList<CodeImage> images, IEnumerable<string> cut)
    {
        _cut = [.. cut];
        _names = new CodeNames(images);
        _images = images.ToDictionary(image => image.Reader);
        _signatures = new TypeNames((reader, type) => Name(_images[reader], type));
    }

    /// <summary>Everything that can run from the entry point.</summary>
    /// <param name="images">The program, which has the entry point, and what it refers to.</param>
    /// <param name="also">Methods that run although no instruction names them: found by reflection, in a package.</param>
    public static IReadOnlySet<CodeMethod> From(IReadOnlyList<CodeImage> images, IEnumerable<CodeMethod>? also = null) => Whole(images, also)._reached;

    /// <summary>What can run of a program that is under way, from some methods on, as far as others that are cut off.</summary>
    /// <remarks>
    /// All objects that the program may have made are there already, and may be called. What the compiler makes of a method
    /// that waits is none of them: it runs when that method has been called. Nor is what can only be on the stack. To compare two
    /// values, or to write one as a text, the part has to name their type; objects may be known to it as something else.
    /// </remarks>
    /// <param name="images">The program and what it refers to.</param>
    /// <param name="from">Methods as "Namespace.Type::Name".</param>
    /// <param name="cut">Methods that are taken never to be called; one that nothing calls is a mistake.</param>
    public static IReadOnlySet<CodeMethod> Between(IReadOnlyList<CodeImage> images, IReadOnlyCollection<string> from, IReadOnlyCollection<string> cut)
    {
        CallGraph whole = Whole(images, null);
        CallGraph part = new(images, cut);
        foreach (CodeType type in whole._made.Where(type => !type.IsWrittenByTheCompiler && !type.IsOnTheStackOnly))
        {
            part.Make(type);
        }

        ILookup<string, CodeMethod> byName = whole._reached.ToLookup(method => method.ToString());
        foreach (CodeMethod method in from.SelectMany(name => byName[name]))
        {
            part.Call(method.Name);
            part.Reach(method);
        }

        part.Run();
        string[] unmet = [.. from.Where(name => !byName.Contains(name)), .. part._cut.Except(part._met)];
        return unmet.Length == 0 ? part._reached : throw new InvalidOperationException($"Nothing calls {string.Join(", ", unmet)}.");
    }

    private static CallGraph Whole(IReadOnlyList<CodeImage> images, IEnumerable<CodeMethod>? also)
    {
        CallGraph graph = new(images, []);
        foreach (CodeImage image in images)
        {
            // A module's initializer runs before its first method.
            graph.Name(image, MetadataTokens.TypeDefinitionHandle(1));
        }

        CodeImage program = images.Single(image => image.EntryPoint is not null);
        graph.Reach(new CodeMethod(program, program.EntryPoint!.Value));
        foreach (CodeMethod method in also ?? [])
        {
            graph.Call(method.SlotName);
            graph.Reach(method);
        }

        graph.Run();
        return graph;
    }

    private void Run()
    {
        while (_open.TryPop(out CodeMethod method))
        {
            Follow(method);
        }
    }

    private void Reach(CodeMethod method)
    {
        string name = _cut.Count == 0 ? string.Empty : method.ToString();
        if (_cut.Contains(name))
        {
            _met.Add(name);
        }
        else if (_reached.Add(method))
        {
            _open.Push(method);
        }
    }

    private void Follow(CodeMethod method)
    {
        (CodeImage image, MethodDefinition definition) = (method.Image, method.Definition);
        CodeType home = new(image, definition.GetDeclaringType());
        Name(image, home.Handle);
        if (definition.Attributes.HasFlag(MethodAttributes.RTSpecialName) && !definition.Attributes.HasFlag(MethodAttributes.Static))
        {
            Make(home);
        }

        _ = definition.DecodeSignature(_signatures, null);
        if (image.BodyOf(method.Handle) is not { } body)
        {
            return;
        }

        if (!body.LocalSignature.IsNil)
        {
            _ = image.Reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, null);
        }

        foreach (EntityHandle named in Instructions.Named(body))
        {
            FollowName(image, named);
        }
    }

    private void FollowName(CodeImage image, EntityHandle named)
    {
        switch (named.Kind)
        {
            case HandleKind.MethodDefinition:
                CodeMethod method = new(image, (MethodDefinitionHandle)named);
                Call(method.Name);
                Reach(method);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = image.Reader.GetMethodSpecification((MethodSpecificationHandle)named);
                _ = generic.DecodeSignature(_signatures, null);
                FollowName(image, generic.Method);
                break;
            case HandleKind.FieldDefinition:
                Name(image, image.Reader.GetFieldDefinition((FieldDefinitionHandle)named).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                FollowReference(image, (MemberReferenceHandle)named);
                break;
            default:
                Name(image, named);
                break;
        }
    }

    private void FollowReference(CodeImage image, MemberReferenceHandle handle)
    {
        MemberReference member = image.Reader.GetMemberReference(handle);
        Name(image, member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            _ = member.DecodeMethodSignature(_signatures, null);
            Call(image.Reader.GetString(member.Name));
            if (_names.MethodOf(image, handle) is { } method)
            {
                Reach(method);
            }
        }
    }

    /// <summary>Something of this name is called: whatever could be meant, of any type that may be made, counts.</summary>
    private void Call(string name)
    {
        if (_called.Add(name) && _uncalled.Remove(name, out List<CodeMethod>? waiting))
        {
            waiting.ForEach(Reach);
        }
    }

    /// <summary>A type is named where code can run: what begins it may run, and whatever can be called on it without an object.</summary>
    private void Name(CodeImage image, EntityHandle named)
    {
        if (named.Kind == HandleKind.TypeSpecification)
        {
            // All types within it come back here, each by itself.
            _ = image.Reader.GetTypeSpecification((TypeSpecificationHandle)named).DecodeSignature(_signatures, null);
            return;
        }

        if (_names.TypeOf(image, named) is not { } type || !_named.Add(type))
        {
            return;
        }

        if (_unnamed.Remove(type, out List<CodeMethod>? waiting))
        {
            waiting.ForEach(Reach);
        }

        foreach (CodeMethod method in type.Methods)
        {
            if (method.Name == ".cctor")
            {
                Reach(method);
            }
        }

        foreach (MethodDefinitionHandle body in type.Image.Implementations(type.Handle))
        {
            CodeMethod method = new(type.Image, body);
            if (method.Definition.Attributes.HasFlag(MethodAttributes.Static))
            {
                Reach(method);
            }
        }

        // A value needs no constructor to be there.
        if (type.IsValue)
        {
            Make(type);
        }
    }

    private void Make(CodeType type)
    {
        if (!_made.Add(type))
        {
            return;
        }

        foreach (CodeMethod method in type.Methods.Where(method => method.Definition.Attributes.HasFlag(MethodAttributes.Virtual)))
        {
            string name = method.SlotName;
            if (_cut.Count > 0 && type.IsValue && !_named.Contains(type) && name is "Equals" or "GetHashCode" or "ToString" or "CompareTo")
            {
                Wait(_unnamed, type, method);
                continue;
            }

            if (_called.Contains(name) || !IsCalledByUsOnly(type, method))
            {
                Reach(method);
                continue;
            }

            Wait(_uncalled, name, method);
        }
    }

    private static void Wait<TFor>(Dictionary<TFor, List<CodeMethod>> waiting, TFor what, CodeMethod method)
        where TFor : notnull
    {
        if (!waiting.TryGetValue(what, out List<CodeMethod>? methods))
        {
            waiting[what] = methods = [];
        }

        methods.Add(method);
    }

    /// <summary>True for a method that a type or an interface of these assemblies declares: the framework does not know of it.</summary>
    private bool IsCalledByUsOnly(CodeType type, CodeMethod method)
    {
        MethodAttributes attributes = method.Definition.Attributes;
        bool isFirst = attributes.HasFlag(MethodAttributes.NewSlot) && !attributes.HasFlag(MethodAttributes.Final);
        return method.SlotName is not ("Dispose" or "DisposeAsync" or "Equals" or "GetHashCode" or "ToString" or "CompareTo" or "MoveNext")
            && (isFirst || Bases(type).Any(other => other.Methods.Any(declared => declared.SlotName == method.SlotName)));
    }

    private IEnumerable<CodeType> Bases(CodeType type)
    {
        MetadataReader reader = type.Image.Reader;
        IEnumerable<EntityHandle> direct = type.Definition.GetInterfaceImplementations()
            .Select(handle => reader.GetInterfaceImplementation(handle).Interface)
            .Append(type.Definition.BaseType)
            .Where(handle => !handle.IsNil);
        return direct.Select(handle => _names.TypeOf(type.Image, handle)).OfType<CodeType>().SelectMany(found => Bases(found).Append(found));
    }
}
