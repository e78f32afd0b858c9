using System.Reflection.Metadata;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>A program as ./build compiled it, before it was made native: its own assembly, our libraries, packages.</summary>
internal static class ProgramImages
{
    private static readonly string Identifier = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    public static IReadOnlyList<CodeImage> Of(string program)
    {
        string folder = Path.Join(Repository.Root, $"artifacts/bin/{program}/release_{Identifier}");
        string list = Path.Join(folder, program + ".deps.json");
        return File.Exists(list)
            ? [.. OutsideTheRuntime(JsonDocument.Parse(File.ReadAllBytes(list)).RootElement).Select(file => CodeImage.Open(Path.Join(folder, Path.GetFileName(file))))]
            : throw new InvalidOperationException($"{list} is not there: run ./build.");
    }

    /// <summary>The methods that the linker kept, by its own list.</summary>
    public static IEnumerable<CodeMethod> Linked(string program, IReadOnlyList<CodeImage> images)
    {
        string path = Path.Join(Repository.Root, $"artifacts/obj/{program}/release_{Identifier}/native/{program}.mstat");
        CodeImage list = CodeImage.Open(path);
        MethodDefinitionHandle methods = list.Reader.MethodDefinitions.Single(
            method => list.Reader.StringComparer.Equals(list.Reader.GetMethodDefinition(method).Name, "Methods"));
        CodeNames names = new(images);
        return Instructions.Named(list.BodyOf(methods)!).Select(named => names.MethodOf(list, named)).OfType<CodeMethod>();
    }

    // Our projects and the packages; the runtime's own libraries are told apart in the same list.
    private static IEnumerable<string> OutsideTheRuntime(JsonElement list) =>
        from library in list.GetProperty("targets").GetProperty(list.GetProperty("runtimeTarget").GetProperty("name").GetString()!).EnumerateObject()
        where list.GetProperty("libraries").GetProperty(library.Name).GetProperty("type").GetString() is "project" or "package"
        where library.Value.TryGetProperty("runtime", out _)
        from file in library.Value.GetProperty("runtime").EnumerateObject()
        select file.Name;

    /// <summary>Sources that have changed since the program was compiled.</summary>
    public static IEnumerable<string> Stale(IReadOnlyList<CodeImage> images) =>
        from image in images
        where image.IsOurs
        from document in image.Documents()
        let begin = document.Path.LastIndexOf("/src/", StringComparison.Ordinal)
        where begin >= 0
        let path = document.Path[(begin + 1)..]
        where !Repository.Has(path) || !SHA256.HashData(File.ReadAllBytes(Path.Join(Repository.Root, path))).AsSpan().SequenceEqual(document.Checksum)
        select path;
}
