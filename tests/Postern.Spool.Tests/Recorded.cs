using System.Text;

namespace Postern.Spool.Tests;

/// <summary>A visitor that writes down what it is shown.</summary>
internal sealed class Recorded : ILogVisitor
{
    internal List<string> Pieces { get; } = [];

    internal List<(RecordKind Kind, RecordPosition Position, string Payload)> Records { get; } = [];

    internal List<Damage> Damages { get; } = [];

    internal RecoverySummary Summary { get; private set; }

    internal IEnumerable<string> Payloads => Records.Select(record => record.Payload);

    public void Checkpoint(ReadOnlySpan<byte> piece) => Pieces.Add(Encoding.Latin1.GetString(piece));

    public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload) =>
        Records.Add((kind, position, kind == RecordKind.Content ? $"content {length}" : Encoding.Latin1.GetString(payload)));

    public void Damaged(Damage damage) => Damages.Add(damage);

    /// <summary>Recovers a log that has to recover well.</summary>
    internal static Recorded Of(IRecordLog log, LogResult expected = LogResult.Success)
    {
        var seen = new Recorded();
        Assert.Equal(expected, log.Recover(seen, out var summary));
        seen.Summary = summary;
        Assert.Equal(seen.Records.Count, summary.Records);
        Assert.Equal(seen.Damages.Count(damage => damage.Reason != DamageReason.TornTail), summary.Damages);
        return seen;
    }
}
