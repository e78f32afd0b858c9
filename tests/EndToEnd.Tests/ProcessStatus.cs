using System.Globalization;

namespace Postern.EndToEnd;

/// <summary>What the kernel says of a process (proc_pid_status(5)).</summary>
/// <param name="fields">Its lines.</param>
internal sealed class ProcessStatus(IReadOnlyDictionary<string, string> fields)
{
    /// <summary>The name, cut to 15 characters.</summary>
    internal string Name => fields["Name"];

    /// <summary>Real, effective, saved and file-system user.</summary>
    internal IReadOnlyList<int> Uids => Numbers("Uid");

    /// <summary>The same of groups.</summary>
    internal IReadOnlyList<int> Gids => Numbers("Gid");

    /// <summary>The supplementary groups.</summary>
    internal IReadOnlyList<int> Groups => Numbers("Groups");

    /// <summary>Everything that the process may do beyond its user: inherited, permitted, effective and ambient.</summary>
    internal ulong Capabilities => new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" }
        .Aggregate(0UL, (sum, set) => sum | ulong.Parse(fields[set], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>Whether executing a file can give it rights.</summary>
    internal bool NoNewPrivileges => fields["NoNewPrivs"] == "1";

    /// <summary>How often it went to sleep by itself: once a wake-up.</summary>
    internal long Sleeps => Numbers("voluntary_ctxt_switches")[0];

    /// <summary>Whether it is stopped by a signal.</summary>
    internal bool IsStopped => fields["State"].StartsWith('T');

    private bool IsDead => fields["State"][0] is 'Z' or 'X';

    /// <summary>Reads it; null when there is no such process.</summary>
    internal static ProcessStatus? Of(int pid)
    {
        try
        {
            return new ProcessStatus(File.ReadLines($"/proc/{pid}/status").Select(line => line.Split(':', 2))
                .ToDictionary(parts => parts[0], parts => parts[1].Trim()));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The living children of a process that have a name.</summary>
    internal static List<int> Children(int parent, string name = "") =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let pid = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
           where pid > 0 && Of(pid) is { IsDead: false } status && status.Numbers("PPid")[0] == parent
               && (name.Length == 0 || status.Name == name[..Math.Min(15, name.Length)])
           select pid,
    ];

    /// <summary>Processor time that a process used so far, in ticks of 10 ms.</summary>
    internal static long Ticks(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private int[] Numbers(string field) =>
        [.. fields[field].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(one => int.Parse(one, CultureInfo.InvariantCulture))];
}
