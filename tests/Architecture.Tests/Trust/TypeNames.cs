using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Postern.Architecture.Trust;

/// <summary>
/// Writes types and signatures as text that is the same in whichever assembly they are named, and notes every type on the
/// way: what a signature, a local variable or a type argument names may be made there.
/// </summary>
internal sealed class TypeNames(Action<MetadataReader, EntityHandle>? named = null) : ISignatureTypeProvider<string, object?>
{
    public static string Of(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{Of(reader, outer)}+{name}" : Full(reader.GetString(type.Namespace), name);
    }

    public static string Of(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope is { Kind: HandleKind.TypeReference } outer
            ? $"{Of(reader, (TypeReferenceHandle)outer)}+{name}" : Full(reader.GetString(type.Namespace), name);
    }

    public static string Text(MethodSignature<string> signature) =>
        $"{signature.Header.IsInstance} {signature.GenericParameterCount} {signature.ReturnType}({string.Join(',', signature.ParameterTypes)})";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        named?.Invoke(reader, handle);
        return Of(reader, handle);
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        named?.Invoke(reader, handle);
        return Of(reader, handle);
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(',', typeArguments)}>";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    // "in" and "volatile" do not tell two methods of one name apart.
    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

    public string GetFunctionPointerType(MethodSignature<string> signature) => $"fn {Text(signature)}";

    private static string Full(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
