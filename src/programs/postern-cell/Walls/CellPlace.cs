using Postern.Cell.Arguments;
using Postern.Cell.Programs;
using Postern.Posix;
using Postern.Posix.Confining;

namespace Postern.Cell.Walls;

/// <summary>A file or folder that the program gets, and what it may do there besides nothing.</summary>
/// <param name="Path">Where it is, outside and inside.</param>
/// <param name="Rights">What may be done beneath.</param>
/// <param name="Open">The file that was judged, where one was: Landlock grants that one, whatever has its name by now.</param>
internal sealed record CellPlace(string Path, LandlockRights Rights, Descriptor? Open = null)
{
    private const LandlockRights Read = LandlockRights.ReadFile | LandlockRights.ReadFolder;

    // What the loader looks at (ld.so(8)): the usual folders of Debian, Red Hat and others. One that is not there grants nothing.
    private static readonly string[] _libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"];

    /// <summary>All of them, outer ones before inner ones.</summary>
    internal static IReadOnlyList<CellPlace> Of(CellOrder order, FoundProgram found)
    {
        var read = order.Processes > 0 ? Read | LandlockRights.Execute : Read;
        // Sharing /dev/zero makes memory that only the limit of addresses counts.
        string[] devices = order.Reserve is null ? ["/dev/zero", "/dev/urandom", "/dev/random"] : ["/dev/urandom", "/dev/random"];
        IEnumerable<CellPlace> places =
        [
            .. _libraries.Select(path => new CellPlace(path, read)),
            .. order.Readable.Select(path => new CellPlace(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)), read)),
            .. found.Executed.Select(file => new CellPlace(file.Path, Read | LandlockRights.Execute, file.Open)),
            .. found.Read.Select(file => new CellPlace(file.Path, read, file.Open)),
            .. devices.Select(path => new CellPlace(path, LandlockRights.ReadFile)),
            new CellPlace("/dev/null", LandlockRights.ReadFile | LandlockRights.WriteFile),
        ];
        return [.. places.Where(place => IsStraight(place.Path) && System.IO.Path.Exists(place.Path)).OrderBy(place => place.Path.Length)];
    }

    /// <summary>Whether the new root folder can have it: its names are made there one after another, and must not lead out.</summary>
    private static bool IsStraight(string path) =>
        System.IO.Path.IsPathFullyQualified(path) && System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)) == path;

    /// <summary>Those that are not within another, each once.</summary>
    internal static IReadOnlyList<string> Outermost(IReadOnlyList<CellPlace> places)
    {
        List<string> outermost = [];
        foreach (var place in places)
        {
            if (!outermost.Any(outer => place.Path == outer || place.Path.StartsWith(outer + "/", StringComparison.Ordinal)))
            {
                outermost.Add(place.Path);
            }
        }

        return outermost;
    }
}
