using System.Security.Cryptography;
using Postern.Fuzz;

return args switch
{
    ["list"] => List(),
    ["replay", var name, .. var files] when Targets.Find(name) is { } target => Replay(target, files),
    ["edges", var name, .. var folders] when Targets.Find(name) is { } target => Edges(target, folders),
    ["keep", var name, var kept, .. var folders] when Targets.Find(name) is { } target => Keep(target, kept, folders),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Postern.Fuzz list | replay TARGET FILE... | edges TARGET FOLDER... | keep TARGET CORPUS FOLDER...");
    return 64;
}

// Name and the longest input, for eng/fuzz.
static int List()
{
    foreach (Target target in Targets.All) Console.WriteLine($"{target.Name} {target.MaxLength}");
    return 0;
}

static int Replay(Target target, IReadOnlyList<string> files)
{
    int failed = files.Count(file => !Engine.TryRun(target, File.ReadAllBytes(file)));
    Console.WriteLine($"{target.Name}: {files.Count} replayed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

// How many edges all inputs of some folders pass together.
static int Edges(Target target, string[] folders)
{
    var coverage = new Coverage(target);
    foreach (byte[] input in Coverage.Inputs(folders)) _ = coverage.Add(input);
    Console.WriteLine(coverage.Edges);
    return 0;
}

// Takes into the checked-in corpus what passes an edge that it does not pass yet, as long as it stays small.
static int Keep(Target target, string kept, string[] folders)
{
    const int MaxInput = 1024, MaxCorpus = 20 * 1024;
    var coverage = new Coverage(target);
    System.IO.Directory.CreateDirectory(kept);
    int size = 0;
    foreach (byte[] input in Coverage.Inputs([kept]))
    {
        _ = coverage.Add(input);
        size += input.Length;
    }
    int before = coverage.Edges;
    foreach (byte[] input in Coverage.Inputs(folders))
    {
        if (input.Length > MaxInput || size + input.Length > MaxCorpus || !coverage.Add(input)) continue;
        File.WriteAllBytes(Path.Join(kept, Convert.ToHexStringLower(SHA256.HashData(input))[..16]), input);
        size += input.Length;
    }
    Console.WriteLine($"{target.Name}: {before} edges before, {coverage.Edges} now, {size} bytes");
    return 0;
}
