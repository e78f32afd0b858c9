using System.Reflection.Metadata;

namespace Postern.Architecture.Trust;

/// <summary>A method of one of a program's assemblies.</summary>
internal readonly record struct CodeMethod(CodeImage Image, MethodDefinitionHandle Handle)
{
    public MethodDefinition Definition => Image.Reader.GetMethodDefinition(Handle);

    public string Name => Image.Reader.GetString(Definition.Name);

    /// <summary>The name by which it is called where it implements a method of an interface explicitly.</summary>
    public string SlotName => Name is var name && name.LastIndexOf('.') is > 0 and var dot ? name[(dot + 1)..] : name;

    /// <summary>"Namespace.Type::Name".</summary>
    public override string ToString() => $"{TypeNames.Of(Image.Reader, Definition.GetDeclaringType())}::{Name}";
}

/// <summary>A type of one of a program's assemblies.</summary>
internal readonly record struct CodeType(CodeImage Image, TypeDefinitionHandle Handle)
{
    public TypeDefinition Definition => Image.Reader.GetTypeDefinition(Handle);

    public IEnumerable<CodeMethod> Methods
    {
        get
        {
            CodeImage image = Image;
            return Definition.GetMethods().Select(handle => new CodeMethod(image, handle));
        }
    }

    /// <summary>What becomes of methods that wait or iterate, and of functions within functions.</summary>
    public bool IsWrittenByTheCompiler => Image.Reader.GetString(Definition.Name).StartsWith('<');

    /// <summary>A ref struct.</summary>
    public bool IsOnTheStackOnly
    {
        get
        {
            MetadataReader reader = Image.Reader;
            return Definition.GetCustomAttributes().Select(handle => reader.GetCustomAttribute(handle).Constructor)
                .Any(constructor => constructor.Kind == HandleKind.MemberReference
                    && reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent
                    && TypeNames.Of(reader, (TypeReferenceHandle)parent) == "System.Runtime.CompilerServices.IsByRefLikeAttribute");
        }
    }

    public bool IsValue => Definition.BaseType is { IsNil: false, Kind: HandleKind.TypeReference } parent
        && TypeNames.Of(Image.Reader, (TypeReferenceHandle)parent) is "System.ValueType" or "System.Enum";
}
