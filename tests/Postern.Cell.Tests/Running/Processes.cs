using System.Globalization;

namespace Postern.Cell.Tests.Running;

/// <summary>The processes of this machine.</summary>
internal static class Processes
{
    /// <summary>Those whose first argument ends in a text and whose arguments have another: wrappers before them do not count.</summary>
    internal static List<int> With(string program, string mark)
    {
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                var arguments = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
                if (arguments[0].EndsWith(program, StringComparison.Ordinal) && arguments.Any(one => one.Contains(mark, StringComparison.Ordinal)))
                {
                    found.Add(pid);
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return found;
    }
}
