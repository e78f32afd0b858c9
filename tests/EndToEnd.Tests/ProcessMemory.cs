using System.Globalization;

namespace Postern.EndToEnd;

/// <summary>What a process has in its memory and holds open, as root sees it.</summary>
internal static class ProcessMemory
{
    /// <summary>Whether any of the traces is in anything that a process can read.</summary>
    internal static bool Has(int pid, params byte[][] traces)
    {
        using var memory = new FileStream($"/proc/{pid}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        long seen = 0;
        foreach (var line in File.ReadLines($"/proc/{pid}/maps").Where(line => line.Contains(" r", StringComparison.Ordinal)))
        {
            var range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-').Select(end => ulong.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            if (range[1] > long.MaxValue)
            {
                // The page of the kernel's calls.
                continue;
            }

            var content = Read(memory, (long)range[0], (long)range[1]);
            seen += content.Length;
            if (traces.Any(trace => content.AsSpan().IndexOf(trace) >= 0))
            {
                return true;
            }
        }

        Assert.True(seen > 100_000, $"only {seen} bytes of {pid} could be read");
        return false;
    }

    /// <summary>What its descriptors are: paths of files, and kinds of everything else.</summary>
    internal static IReadOnlyList<string> Open(int pid) =>
        [.. new DirectoryInfo($"/proc/{pid}/fd").EnumerateFileSystemInfos().Select(link => link.LinkTarget ?? "").Where(target => target.Length > 0)];

    private static byte[] Read(FileStream memory, long from, long to)
    {
        // The runtime reserves more than it uses: what is reserved alone can't be read.
        using var content = new MemoryStream();
        var page = new byte[4096];
        for (var at = from; at < to; at += page.Length)
        {
            try
            {
                memory.Position = at;
                content.Write(page, 0, memory.Read(page, 0, (int)Math.Min(page.Length, to - at)));
            }
            catch (IOException)
            {
                // No page is there.
            }
        }

        return content.ToArray();
    }
}
