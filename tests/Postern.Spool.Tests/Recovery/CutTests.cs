using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>A log whose last segment ends at any byte.</summary>
public sealed class CutTests
{
    private const string Segment = "segment-00000001";

    private readonly SimulatedDisk _disk;
    private readonly List<(uint Begin, uint End, string[] Payloads)> _batches = [];

    public CutTests()
    {
        var run = new LogDriver();
        _disk = run.Disk;
        for (int number = 0; number < 4; number++)
        {
            string[] payloads = [.. Enumerable.Range(0, number + 1).Select(part => LogDriver.Long((10 * number) + part, 10 + (9 * part)))];
            var positions = payloads.Select(payload => run.Append(payload)).ToArray();
            run.Commit();
            uint end = positions[^1].Offset + (uint)RecordHeader.SpaceFor(payloads[^1].Length) + (uint)CommitRecord.Space;
            _batches.Add((positions[0].Offset, end, payloads));
        }
    }

    [Fact]
    public void ATailOfZeros_EndsTheLogBeforeTheBatchItMeets() => EveryCut((content, cut) => [.. content[..cut], .. new byte[content.Length - cut]]);

    [Fact]
    public void ATailOfGarbage_EndsTheLogBeforeTheBatchItMeets() => EveryCut((content, cut) =>
    {
        byte[] garbage = [.. content];
        new Random(cut).NextBytes(garbage.AsSpan(cut));
        return garbage;
    });

    [Fact]
    public void AFileThatIsTooShort_EndsTheLogThere_AndIsNamed() => EveryCut((content, cut) => content[..cut], DamageReason.Truncated);

    private void EveryCut(Func<byte[], int, byte[]> cutAt, DamageReason? named = null)
    {
        byte[] content = _disk[Segment];
        foreach (var (begin, end, _) in _batches)
        {
            for (uint cut = begin; cut <= end + 1; cut++)
            {
                var disk = _disk.Kill();
                byte[] left = cutAt(content, (int)cut);
                disk[Segment] = left;
                var run = new LogDriver(disk);
                // A cut may happen to change nothing: the last bytes of a record can be zeros.
                var whole = _batches.Where(batch => left.Length >= batch.End
                    && left.AsSpan((int)batch.Begin..(int)batch.End).SequenceEqual(content.AsSpan((int)batch.Begin..(int)batch.End)));
                Assert.Equal(whole.SelectMany(batch => batch.Payloads), run.Seen.Payloads);
                Assert.True(whole.Count() >= _batches.Count(batch => batch.End <= cut));
                // Damages, except for the file's length, are none: nobody can tell that there was more.
                Assert.All(run.Seen.Damages, damage => Assert.True(damage.Reason == named || damage.Reason is DamageReason.TornTail or DamageReason.IncompleteBatch));
                run.Commit("new");
                Assert.Equal("new", run.Restart().Seen.Payloads.Last());
            }
        }
    }
}
