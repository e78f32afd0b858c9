using System.Globalization;

namespace Postern.TestKit.Servers;

/// <summary>What /proc says of processes; readable even of those that do not let themselves be traced.</summary>
internal static class ProcessTable
{
    /// <summary>The living children of a process that have a name, or all of them.</summary>
    internal static List<int> Children(int parent, string? name = null)
    {
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Read(pid) is { } one && one.Parent == parent && name?.StartsWith(one.Name, StringComparison.Ordinal) != false)
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>The name of a living process, cut to 15 characters by the kernel; null when it is gone or only waits to be reaped.</summary>
    internal static string? NameOf(int pid) => Read(pid)?.Name;

    private static (string Name, int Parent)? Read(int pid)
    {
        try
        {
            // "pid (name) state parent ..." (proc_pid_stat(5))
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var close = text.LastIndexOf(')');
            var rest = text[(close + 2)..].Split(' ');
            return rest[0] is "Z" or "X" ? null : (text[(text.IndexOf('(') + 1)..close], int.Parse(rest[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
