using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Postern.Coverage.Instrumenting;

/// <summary>Puts the instrumented assemblies where the same ones lie, and nowhere else.</summary>
internal static class Replacement
{
    public static int Run(string output, IEnumerable<string> folders)
    {
        Dictionary<string, string> instrumented = Directory.EnumerateFiles(output, "*.dll").ToDictionary(path => Path.GetFileName(path));
        foreach (string path in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")))
        {
            if (!instrumented.TryGetValue(Path.GetFileName(path), out string? with))
            {
                continue;
            }

            if (Identity(path) != Identity(with))
            {
                Console.Error.WriteLine($"{path} was not compiled from what {with} was.");
                return 1;
            }

            File.Copy(with, path, overwrite: true);
        }

        return 0;
    }

    private static Guid Identity(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        return reader.GetGuid(reader.GetModuleDefinition().Mvid);
    }
}
