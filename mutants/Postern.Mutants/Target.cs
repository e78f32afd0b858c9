namespace Postern.Mutants;

/// <summary>Code whose tests are judged: a line of mutants/targets.tsv.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Project">The project's folder, from the tree's root.</param>
/// <param name="Sources">Files and folders inside the project that are changed; a full stop for all.</param>
/// <param name="Tests">The test projects, in the order in which they are asked.</param>
internal sealed record Target(string Name, string Project, IReadOnlyList<string> Sources, IReadOnlyList<string> Tests)
{
    /// <summary>The assembly that the project becomes.</summary>
    public string Assembly => Path.GetFileName(Project);

    /// <summary>True when a file of the project, named from its folder, is changed.</summary>
    public bool Covers(string file) =>
        Sources.Any(source => source == "." || file == source || file.StartsWith(source + "/", StringComparison.Ordinal));

    /// <summary>Reads the table.</summary>
    public static IReadOnlyList<Target> ReadAll(string path) =>
        [.. Table.Read(path, columns: 4).Select(row => new Target(row[0], row[1], row[2].Split(' '), row[3].Split(' ')))];
}
