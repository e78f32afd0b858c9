using System.Reflection;
using System.Runtime.CompilerServices;
using Postern.Ipc.Wire;

namespace Postern.Fuzz.Tests;

/// <summary>What of the product reads bytes or texts that somebody else wrote, found by its signature.</summary>
internal static class Parsers
{
    private static readonly string[] s_verbs =
        ["Parse", "Read", "Decode", "Scan", "Feed", "Convert", "Check", "Discard", "Take", "Begin", "Judge", "Fault", "Encode", "Load"];

    private static readonly string[] s_foreign =
        ["ReadOnlySpan<Byte>", "ReadOnlyMemory<Byte>", "ReadOnlySpan<Char>", "FrameReader", "SliceReader", "WireReader", "RecordFrame", "String", "Byte[]", "IReadOnlyList<String>", "IReadOnlyList<Byte[]>"];

    /// <summary>
    /// Every project of the product, by the folders of <c>src</c>: one that is not loaded here fails the test, as fuzz/Postern.Fuzz has
    /// to refer to it.
    /// </summary>
    internal static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Path.Join(Corpus.Root, "..", "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Type and method of each, without the frames, which are one parser each and have a target that takes them all.</summary>
    internal static IEnumerable<string> All =>
        from name in Projects
        from type in Assembly.Load(name).GetTypes()
        where !IsFrame(type) && !type.IsInterface && !type.IsSubclassOf(typeof(Delegate)) && !type.IsDefined(typeof(CompilerGeneratedAttribute))
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where !method.IsPrivate && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !method.Name.Contains('<') && IsNamedSo(method.Name)
        where method.GetParameters().Any(parameter => !parameter.IsOut && s_foreign.Contains(NameOf(parameter.ParameterType)))
        select $"{type.FullName!.Replace('+', '.').Split('`')[0]}.{method.Name}";

    private static bool IsFrame(Type type) =>
        type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IFrame<>)) || type == typeof(IFrame<>);

    private static bool IsNamedSo(string name) =>
        s_verbs.Any(verb => name.StartsWith(verb, StringComparison.Ordinal) || name.StartsWith("Try" + verb, StringComparison.Ordinal));

    private static string NameOf(Type type)
    {
        if (type.IsByRef) return NameOf(type.GetElementType()!);
        return type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(',', type.GetGenericArguments().Select(argument => argument.Name))}>" : type.Name;
    }
}
