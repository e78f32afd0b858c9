using System.Reflection.Metadata;

namespace Postern.Architecture.Trust;

/// <summary>Finds what is meant where one assembly of a program names a type or a method of another.</summary>
internal sealed class CodeNames
{
    private static readonly TypeNames Plain = new();

    private readonly Dictionary<string, CodeImage> _homes = [];

    public CodeNames(IEnumerable<CodeImage> images)
    {
        foreach (CodeImage image in images)
        {
            foreach (TypeDefinitionHandle type in image.Reader.TypeDefinitions)
            {
                // Types that the compiler writes may be there twice; nobody refers to those of another assembly.
                _homes.TryAdd(TypeNames.Of(image.Reader, type), image);
            }
        }
    }

    /// <summary>The type; null for one of the framework.</summary>
    public CodeType? TypeOf(CodeImage image, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return new CodeType(image, (TypeDefinitionHandle)handle);
            case HandleKind.TypeReference:
                string name = TypeNames.Of(image.Reader, (TypeReferenceHandle)handle);
                return _homes.TryGetValue(name, out CodeImage? home) && home.TryFind(name, out TypeDefinitionHandle found) ? new CodeType(home, found) : null;
            case HandleKind.TypeSpecification:
                // The generic type itself is the first that its signature names.
                EntityHandle first = default;
                _ = image.Reader.GetTypeSpecification((TypeSpecificationHandle)handle)
                    .DecodeSignature(new TypeNames((_, named) => first = first.IsNil ? named : first), null);
                return first.IsNil ? null : TypeOf(image, first);
            default:
                return null;
        }
    }

    /// <summary>The method; null for one of the framework, and for what is no method.</summary>
    public CodeMethod? MethodOf(CodeImage image, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodDefinition:
                return new CodeMethod(image, (MethodDefinitionHandle)handle);
            case HandleKind.MethodSpecification:
                return MethodOf(image, image.Reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MemberReference:
                MemberReference member = image.Reader.GetMemberReference((MemberReferenceHandle)handle);
                return member.GetKind() == MemberReferenceKind.Method && TypeOf(image, member.Parent) is { } home ? Find(home, image, member) : null;
            default:
                return null;
        }
    }

    private static CodeMethod? Find(CodeType home, CodeImage image, MemberReference member)
    {
        MetadataReader reader = home.Image.Reader;
        string name = image.Reader.GetString(member.Name);
        string signature = TypeNames.Text(member.DecodeMethodSignature(Plain, null));
        foreach (MethodDefinitionHandle candidate in home.Definition.GetMethods())
        {
            MethodDefinition definition = reader.GetMethodDefinition(candidate);
            if (reader.StringComparer.Equals(definition.Name, name) && TypeNames.Text(definition.DecodeSignature(Plain, null)) == signature)
            {
                return new CodeMethod(home.Image, candidate);
            }
        }

        return null;
    }
}
