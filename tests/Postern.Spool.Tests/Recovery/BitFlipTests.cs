using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>One bit is wrong, anywhere.</summary>
public sealed class BitFlipTests
{
    private static readonly int _stride = LongForm.IsAsked ? 1 : 131;

    private readonly List<(string Name, uint Begin, uint End, int Batch, string? Payload)> _parts = [];
    private readonly SimulatedDisk _disk;
    private readonly int _batches = 24;

    public BitFlipTests()
    {
        // Two segments and a bit, so that flips meet listed segments and the last one, and a batch across two.
        var run = new LogDriver();
        _disk = run.Disk;
        for (int batch = 0; batch < _batches; batch++)
        {
            for (int part = 0; part < (batch == 12 ? 10 : 1 + (batch % 3)); part++)
            {
                string payload = LogDriver.Long((100 * batch) + part, 900 + (batch * 97) + (batch == 12 ? 4000 : 0));
                var position = run.Append(payload);
                Add(position, payload.Length, batch, payload);
            }
            run.Commit();
            var last = _parts[^1];
            _parts.Add((last.Name, last.End, last.End + (uint)CommitRecord.Space, batch, null));
        }
        Assert.True(run.Segments().Count >= 3);
        Assert.Contains(_parts.GroupBy(part => part.Batch), batch => batch.Select(part => part.Name).Distinct().Count() == 2);

        void Add(RecordPosition position, int length, int batch, string payload) => _parts.Add((
            $"segment-{position.Segment:x8}", position.Offset, position.Offset + (uint)RecordHeader.SpaceFor(length), batch, payload));
    }

    [Fact]
    public void OneFlippedBit_CostsAtMostTheRecordItIsIn_AndIsNamed()
    {
        foreach (string name in _parts.Select(part => part.Name).Distinct())
        {
            byte[] content = _disk[name];
            int used = (int)_parts.Where(part => part.Name == name).Max(part => part.End) + 50;
            foreach (int at in LongForm.Part(Enumerable.Range(0, Math.Min(used, content.Length)).Where(at => at % _stride == 0))) Flip(name, content, at);
        }
    }

    [Fact]
    public void EveryBitOfARecordAndOfACommit_IsCovered()
    {
        var commit = _parts.Last(part => part.Payload is null && part.Name == "segment-00000001");
        for (uint at = commit.Begin; at < commit.End; at++) Flip(commit.Name, _disk[commit.Name], (int)at);
        var record = _parts[3];
        for (uint at = record.Begin; at < record.Begin + 30; at++) Flip(record.Name, _disk[record.Name], (int)at);
    }

    private void Flip(string name, byte[] content, int at)
    {
        var disk = _disk.Kill();
        byte[] flipped = [.. content];
        flipped[at] ^= (byte)(1 << (at % 8));
        disk[name] = flipped;
        var run = new LogDriver(disk);
        var hit = _parts.Where(part => part.Name == name && part.Begin <= at && at < part.End).ToArray();
        string? lost = hit.Length > 0 ? hit[0].Payload : null;
        bool isPadding = lost is not null && at >= hit[0].Begin + RecordHeader.Size + lost.Length;
        bool all = hit.Length > 0 && hit[0].Batch == _batches - 1 && !isPadding;
        var expected = _parts.Where(part => part.Payload is not null && (isPadding || part.Payload != lost) && (!all || part.Batch != _batches - 1));
        Assert.Equal(expected.Select(part => part.Payload!), run.Seen.Payloads);
        if (all) Assert.True(Assert.Single(run.Seen.Damages).Reason is DamageReason.IncompleteBatch or DamageReason.TornTail);
        else if (hit.Length > 0 && !isPadding) Assert.Contains(run.Seen.Damages, damage => Names(damage, name, at));
    }

    private static bool Names(Damage damage, string name, int at) =>
        name == $"segment-{damage.Segment:x8}" && damage.Offset <= at && (damage.Length == 0 || at < damage.Offset + damage.Length);
}
