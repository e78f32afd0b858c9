using System.Globalization;

namespace Postern.Micro;

/// <summary>What the parts of the hot path cost, and what the three programs on a relayed message's way allocate.</summary>
/// <remarks>
/// <c>Postern.Micro pure</c> prints a table. <c>Postern.Micro path FOLDER SINKPORT [types]</c> serves SMTP on a port that it
/// prints and relays to the sink; each line on its standard input is a row of the next table: the name of what was sent since
/// the line before, and how many of it (bench/micro.py sends).
/// </remarks>
internal static class MicroBenchmarks
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["pure"]:
                PureParts.Measure();
                return 0;
            case ["path", var folder, var sink, ..]:
                Serve(new MailPath(folder, ushort.Parse(sink, CultureInfo.InvariantCulture)), arguments[^1] == "types");
                return 0;
            default:
                Console.Error.WriteLine("usage: Postern.Micro pure | path FOLDER SINKPORT [types]");
                return 64;
        }
    }

    private static void Serve(MailPath path, bool listsTypes)
    {
        using var types = listsTypes ? new AllocatedTypes() : null;
        Console.WriteLine(path.Port);
        var before = path.Allocated();
        while (Console.ReadLine() is { } line)
        {
            var after = path.Allocated();
            if (line.LastIndexOf(' ') is > 0 and var space && long.Parse(line.AsSpan(space), CultureInfo.InvariantCulture) is > 0 and var count)
            {
                var each = after.Zip(before, (now, then) => (double)(now - then) / count);
                Console.WriteLine($"{line[..space],-42}{string.Concat(each.Select(bytes => $"{bytes,10:N0}"))}");
                types?.Print(path, count);
            }

            types?.Forget();
            before = path.Allocated();
            Console.WriteLine("ready");
        }
    }
}
