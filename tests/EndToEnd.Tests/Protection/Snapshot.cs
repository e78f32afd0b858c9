using System.Globalization;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>What the kernel said of a process at one moment.</summary>
internal sealed class Snapshot
{
    private const int KernelsNameLength = 15;

    private Snapshot(int pid)
    {
        var name = ProcessStatus.Of(pid)!.Name;
        string[] known = [.. StandingProgram.All.Select(program => program.Name), "postern-deliver", "postern-config"];
        // One that nobody knows keeps the kernel's name for it, and is one too many.
        Program = known.FirstOrDefault(one => one[..Math.Min(one.Length, KernelsNameLength)] == name) ?? name;
        Pid = pid;
        Threads =
        [
            .. Directory.GetDirectories($"/proc/{pid}/task")
                .Select(task => File.ReadLines(Path.Join(task, "status")).Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim())),
        ];
        Limits = File.ReadLines($"/proc/{pid}/limits").Skip(1).ToDictionary(line => line[..26].Trim(), line => line[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
        Arguments = Words($"/proc/{pid}/cmdline");
        if (Requirement.IsRoot)
        {
            Maps = [.. File.ReadLines($"/proc/{pid}/maps").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
            Environment = Words($"/proc/{pid}/environ");
            Descriptors = new DirectoryInfo($"/proc/{pid}/fd").EnumerateFileSystemInfos()
                .Select(link => (Number: int.Parse(link.Name, CultureInfo.InvariantCulture), Target: link.LinkTarget)).Where(one => one.Target is not null)
                .ToDictionary(one => one.Number, one => one.Target!);
        }
    }

    /// <summary>Its whole name, which the kernel cuts.</summary>
    internal string Program { get; }

    internal int Pid { get; }

    /// <summary>The status of each thread (proc_pid_status(5)).</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, string>> Threads { get; }

    /// <summary>Soft and hard limits by their names.</summary>
    internal IReadOnlyDictionary<string, string[]> Limits { get; }

    /// <summary>Its command line.</summary>
    internal IReadOnlyList<string> Arguments { get; }

    /// <summary>Its memory, a list of fields for each range; like all that follows for root's eyes alone.</summary>
    internal IReadOnlyList<string[]> Maps { get; } = [];

    /// <summary>Its environment.</summary>
    internal IReadOnlyList<string> Environment { get; } = [];

    /// <summary>What its descriptors are, by their numbers.</summary>
    internal IReadOnlyDictionary<int, string> Descriptors { get; } = new Dictionary<int, string>();

    /// <summary>Its sockets, by the kernel's names for them.</summary>
    internal IReadOnlySet<string> Sockets => Descriptors.Values.Where(target => target.StartsWith("socket:", StringComparison.Ordinal)).ToHashSet();

    internal static Snapshot Of(int pid) => new(pid);

    /// <summary>Of every living child of a process.</summary>
    internal static IReadOnlyList<Snapshot> OfChildren(int parent) => [.. ProcessStatus.Children(parent).Select(Of)];

    /// <inheritdoc/>
    public override string ToString() => Program;

    private static string[] Words(string file) => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
