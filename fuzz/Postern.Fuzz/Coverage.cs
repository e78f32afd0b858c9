using System.Runtime.InteropServices;

namespace Postern.Fuzz;

/// <summary>What inputs reach of the instrumented assemblies.</summary>
internal sealed class Coverage(Target target)
{
    private readonly nint _counters = Marshal.AllocHGlobal(Engine.Counters);
    private readonly byte[] _counted = new byte[Engine.Counters];
    private readonly bool[] _seen = new bool[Engine.Counters];

    /// <summary>Edges that were passed so far.</summary>
    internal int Edges => _seen.Count(seen => seen);

    /// <summary>Runs an input.</summary>
    /// <returns>True when it passed an edge that none before it did.</returns>
    internal bool Add(byte[] input)
    {
        Engine.CountIn(_counters);
        Marshal.Copy(new byte[Engine.Counters], 0, _counters, Engine.Counters);
        _ = Engine.TryRun(target, input);
        Marshal.Copy(_counters, _counted, 0, Engine.Counters);
        bool isNew = false;
        for (int edge = 0; edge < _counted.Length; edge++)
        {
            isNew |= _counted[edge] != 0 && !_seen[edge];
            _seen[edge] |= _counted[edge] != 0;
        }
        return isNew;
    }

    /// <summary>The inputs of folders, short ones first.</summary>
    internal static IEnumerable<byte[]> Inputs(IEnumerable<string> folders) =>
        folders.SelectMany(System.IO.Directory.EnumerateFiles).Select(File.ReadAllBytes).OrderBy(bytes => bytes.Length).ThenBy(Convert.ToHexString, StringComparer.Ordinal);
}
