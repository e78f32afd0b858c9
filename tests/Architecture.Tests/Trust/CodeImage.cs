using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Postern.Architecture.Trust;

/// <summary>One compiled assembly of a program, ours or a package's, with the debug information that lies beside it or in it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "It holds bytes in memory and nothing that must be given back.")]
internal sealed class CodeImage
{
    private readonly PEReader _file;
    private readonly MetadataReader? _symbols;
    private readonly Dictionary<string, TypeDefinitionHandle> _types = [];
    private readonly Lazy<ILookup<TypeDefinitionHandle, MethodDefinitionHandle>> _overriding;

    public CodeImage(Stream file, Stream? symbols)
    {
        _file = new PEReader(file);
        Reader = _file.GetMetadataReader();
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
        _symbols = symbols is null ? null : MetadataReaderProvider.FromPortablePdbStream(symbols).GetMetadataReader();
        foreach (TypeDefinitionHandle handle in Reader.TypeDefinitions)
        {
            _types[TypeNames.Of(Reader, handle)] = handle;
        }

        _overriding = new(() => (
            from handle in Enumerable.Range(1, Reader.GetTableRowCount(TableIndex.MethodImpl)).Select(MetadataTokens.MethodImplementationHandle)
            let implementation = Reader.GetMethodImplementation(handle)
            where implementation.MethodBody.Kind == HandleKind.MethodDefinition
            select (implementation.Type, Body: (MethodDefinitionHandle)implementation.MethodBody)).ToLookup(one => one.Type, one => one.Body));
    }

    public string Name { get; }

    /// <summary>Where the program begins; null in a library.</summary>
    public MethodDefinitionHandle? EntryPoint =>
        _file.PEHeaders.CorHeader!.EntryPointTokenOrRelativeVirtualAddress is var token and not 0
            ? (MethodDefinitionHandle)MetadataTokens.Handle(token) : null;

    public MetadataReader Reader { get; }

    /// <summary>Compiled from this tree, so its lines can be counted.</summary>
    public bool IsOurs => Name.StartsWith("postern", StringComparison.OrdinalIgnoreCase);

    public static CodeImage Open(string path)
    {
        string symbols = Path.ChangeExtension(path, ".pdb");
        return new CodeImage(new MemoryStream(File.ReadAllBytes(path)), File.Exists(symbols) ? new MemoryStream(File.ReadAllBytes(symbols)) : null);
    }

    public bool TryFind(string type, out TypeDefinitionHandle found) => _types.TryGetValue(type, out found);

    /// <summary>The methods of a type that are named as what implements or overrides another.</summary>
    public IEnumerable<MethodDefinitionHandle> Implementations(TypeDefinitionHandle type) => _overriding.Value[type];

    /// <summary>The method's instructions; null when it has none.</summary>
    public MethodBodyBlock? BodyOf(MethodDefinitionHandle method)
    {
        int address = Reader.GetMethodDefinition(method).RelativeVirtualAddress;
        return address == 0 ? null : _file.GetMethodBody(address);
    }

    /// <summary>Where in the sources a method's statements stand.</summary>
    public IEnumerable<SourcePoint> PointsOf(MethodDefinitionHandle method) =>
        _symbols is null ? [] :
        from point in _symbols.GetMethodDebugInformation(method.ToDebugInformationHandle()).GetSequencePoints()
        where !point.IsHidden
        select new SourcePoint(_symbols.GetString(_symbols.GetDocument(point.Document).Name), point.StartLine - 1, point.StartColumn - 1);

    /// <summary>The source files and the checksums that they had when this was compiled.</summary>
    public IEnumerable<(string Path, byte[] Checksum)> Documents() =>
        _symbols is null ? [] :
        from handle in _symbols.Documents
        let document = _symbols.GetDocument(handle)
        select (_symbols.GetString(document.Name), _symbols.GetBlobBytes(document.Hash));
}

/// <summary>A place in a source file as the compiler wrote it down; line and column count from 0.</summary>
internal readonly record struct SourcePoint(string File, int Line, int Column);
