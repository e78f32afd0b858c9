using Postern.Fuzz.Oracles;
using Postern.Spool;

namespace Postern.Fuzz.Logs;

/// <summary>What a log showed while it was read, as lines of text.</summary>
internal sealed class SeenLog : ILogVisitor
{
    internal List<string> Records { get; } = [];

    internal List<string> Damages { get; } = [];

    public void Checkpoint(ReadOnlySpan<byte> piece)
    {
    }

    public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload) =>
        Records.Add(Line((byte)kind, position, kind == RecordKind.Content ? $"{length}" : Demand.Latin(payload)));

    public void Damaged(Damage damage) => Damages.Add(damage.ToString());

    internal static string Line(byte kind, RecordPosition position, string payload) => $"{kind} {position} {payload}";
}
