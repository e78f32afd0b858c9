using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Postern.Coverage.Instrumenting;

/// <summary>The statements of a method as the compiler's debug information has them.</summary>
internal sealed class Statements
{
    private const string Sources = "/src/";

    private readonly SequencePoint[] _points;
    private readonly Dictionary<int, Instruction> _byOffset;

    private Statements(SequencePoint[] points, Dictionary<int, Instruction> byOffset) => (_points, _byOffset) = (points, byOffset);

    /// <summary>False for a method that nobody wrote.</summary>
    public bool Any => Visible.Any();

    /// <summary>Each statement with its first instruction. Brackets alone are none.</summary>
    public IEnumerable<(Instruction First, SequencePoint Statement)> Visible =>
        from point in _points
        where IsVisible(point)
        select (_byOffset[point.Offset], point);

    public static Statements Of(MethodDefinition method) => new(
        [.. method.DebugInformation.SequencePoints.OrderBy(point => point.Offset)],
        method.Body.Instructions.ToDictionary(one => one.Offset));

    /// <summary>The statement that an instruction belongs to; null where the compiler wrote it for itself.</summary>
    public SequencePoint? At(Instruction instruction) =>
        _points.LastOrDefault(point => point.Offset <= instruction.Offset) is { } found && IsVisible(found) ? found : null;

    /// <summary>Below the repository's root.</summary>
    public static string PathOf(SequencePoint point) => point.Document.Url[(point.Document.Url.LastIndexOf(Sources, StringComparison.Ordinal) + 1)..];

    private static bool IsVisible(SequencePoint point) =>
        !point.IsHidden
        && point.Document.Url.Contains(Sources, StringComparison.Ordinal)
        && !point.Document.Url.Contains("/obj/", StringComparison.Ordinal)
        && (point.EndLine > point.StartLine || point.EndColumn > point.StartColumn + 1);
}
