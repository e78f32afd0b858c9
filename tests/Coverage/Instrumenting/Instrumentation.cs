using System.Runtime.InteropServices;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Postern.Coverage.Instrumenting;

/// <summary>Instruments each of our assemblies once: what the tests load and what is made native are the same afterwards.</summary>
internal static class Instrumentation
{
    /// <param name="output">Where the assemblies and the table of probes go.</param>
    /// <param name="binaries">artifacts/bin, with a folder for each project.</param>
    public static int Run(string output, string binaries)
    {
        Directory.CreateDirectory(output);
        List<Probe> probes = [];
        // Of this checkout, so that two do not note in each other's memory.
        int key = Path.GetFullPath(output).Aggregate(17, (sum, letter) => unchecked((sum * 31) + letter)) & 0x7FFFFFFF;
        foreach (string path in Sources(binaries))
        {
            using DefaultAssemblyResolver others = new();
            others.AddSearchDirectory(Path.GetDirectoryName(path));
            others.AddSearchDirectory(RuntimeEnvironment.GetRuntimeDirectory());
            using ModuleDefinition module = ModuleDefinition.ReadModule(path, new ReaderParameters
            {
                InMemory = true,
                SymbolReaderProvider = new PortablePdbReaderProvider(),
                ReadSymbols = true,
                AssemblyResolver = others,
            });
            ModuleProbes work = new(module, key, probes);
            work.Insert();
            WriteIfChanged(module, Path.Join(output, Path.GetFileName(path)));
        }

        new ProbeTable(key, probes).Write(output);
        Console.WriteLine($"{probes.Count} probes");
        return 0;
    }

    // What is the same keeps its time: nothing is made native anew for it.
    private static void WriteIfChanged(ModuleDefinition module, string path)
    {
        using MemoryStream written = new();
        module.Write(written, new WriterParameters { Timestamp = 0 });
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(written.ToArray()))
        {
            File.WriteAllBytes(path, written.ToArray());
        }
    }

    /// <summary>Every shipped project's assembly where it was compiled to.</summary>
    public static IEnumerable<string> Sources(string binaries) =>
        from folder in Directory.EnumerateDirectories(binaries)
        let name = Path.GetFileName(folder)
        let path = Path.Join(folder, "debug", name + ".dll")
        where name.StartsWith("postern", StringComparison.OrdinalIgnoreCase) && !name.Contains(".Tests", StringComparison.Ordinal)
        where name is not ("Postern.Fuzz" or "Postern.Micro" or "Postern.Coverage") && File.Exists(path)
        orderby name
        select path;
}
