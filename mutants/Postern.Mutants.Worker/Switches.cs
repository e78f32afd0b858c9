using System.Reflection;

namespace Postern.Mutants.Worker;

/// <summary>The switch that the mutated assembly has in it.</summary>
internal sealed class Switches
{
    private readonly FieldInfo _active;
    private readonly byte[] _reached;

    public Switches(string assembly)
    {
        const BindingFlags Fields = BindingFlags.Static | BindingFlags.NonPublic;
        var type = Assembly.Load(new AssemblyName(assembly)).GetType("Postern.Mutants.Switch", throwOnError: true)!;
        _active = type.GetField("Active", Fields)!;
        _reached = (byte[])type.GetField("Reached", Fields)!.GetValue(null)!;
    }

    /// <summary>The mutant at work; 0 for none.</summary>
    public int Active { set => _active.SetValue(null, value); }

    public void Clear() => Array.Clear(_reached);

    public IEnumerable<int> Reached() => Enumerable.Range(0, _reached.Length).Where(place => _reached[place] != 0);
}
