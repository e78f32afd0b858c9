namespace Postern.Mutants.Compiling;

/// <summary>What a project is compiled from, as the last build left it.</summary>
internal static class ProjectSources
{
    /// <summary>Its files, and those that the build generates.</summary>
    /// <param name="root">The tree's root.</param>
    /// <param name="target">What is changed.</param>
    public static IEnumerable<(string Path, string Text, bool Mutate)> Of(string root, Target target)
    {
        string folder = Path.Join(root, target.Project);
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, file);
            yield return (name, File.ReadAllText(file), target.Covers(name));
        }
        foreach (string file in Directory.EnumerateFiles(Path.Join(root, "artifacts/obj", target.Assembly, "debug"), "*.cs"))
            yield return (file, File.ReadAllText(file), false);
    }

    /// <summary>The framework that this program itself runs on, and the other assemblies beside the tests.</summary>
    /// <param name="tests">The folder of the tests.</param>
    /// <param name="assembly">The assembly that is made anew.</param>
    public static IEnumerable<string> References(string tests, string assembly)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var own = Directory.EnumerateFiles(framework, "*.dll")
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Where(path => !path.EndsWith(".Native.dll", StringComparison.Ordinal));
        return own.Concat(Directory.EnumerateFiles(tests, "*ostern*.dll").Where(path =>
            !path.EndsWith("Tests.dll", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(path) != assembly));
    }
}
