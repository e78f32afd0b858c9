namespace Postern.Coverage.Reporting;

/// <summary>What did not run, with its text, and the list of what can't be run in a test.</summary>
internal static class Missing
{
    public static void Write(string output, Measured measured)
    {
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)))!;
        File.WriteAllLines(
            Path.Join(folder, "lines.tsv"),
            measured.Lines.Where(line => !line.IsCovered).Select(line => $"{line.File}\t{line.Line}\t{TextOf(line.File, line.Line)}"));
        File.WriteAllLines(
            Path.Join(folder, "branches.tsv"),
            measured.Branches.Where(branch => !branch.IsCovered)
                .Select(branch => $"{branch.File}\t{branch.Line}\t{branch.Name}\t{TextOf(branch.File, branch.Line)}"));
    }

    /// <summary>
    /// The list says of a line, by its file and its text, why no test can run it. Such a line counts as not covered all the
    /// same; one that is run, or is gone, does not belong there.
    /// </summary>
    public static bool AreExplained(string list, Measured measured)
    {
        bool isGood = true;
        HashSet<(string, string)> missing = [.. measured.Lines.Where(line => !line.IsCovered).Select(line => (line.File, TextOf(line.File, line.Line)))];
        foreach (string[] row in File.ReadAllLines(list).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t')))
        {
            if (row is not [var file, var text, { Length: > 0 }])
            {
                Console.WriteLine($"{list}: not file, text and reason, parted by tabs: {string.Join(' ', row)}");
                isGood = false;
            }
            else if (!missing.Contains((file, text)))
            {
                Console.WriteLine($"{list}: this ran, or is not there: {file}: {text}");
                isGood = false;
            }
        }

        return isGood;
    }

    private static string TextOf(string file, int line) => File.ReadLines(file).ElementAt(line - 1).Trim();
}
