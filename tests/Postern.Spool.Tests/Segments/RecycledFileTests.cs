using System.Text;
using Postern.TestKit;

namespace Postern.Spool.Tests.Segments;

/// <summary>What an earlier life of a file has left in it is no record in the next one.</summary>
public sealed class RecycledFileTests
{
    private const string Name = "segment-00000001";
    private const int Old = 16384; // Where the second batch would begin.

    [Fact]
    public void ARecycledFile_ShowsNothingOfItsEarlierLife()
    {
        var run = new LogDriver();
        for (int number = 0; !LastHoldsAnEarlierLife(run); number++)
        {
            Assert.True(number < 2000, "no file was used again");
            run.Commit(LogDriver.Long(number, 3000));
            if (run.Segments().Count > 2) Assert.Equal(LogResult.Success, run.Log.Free(run.Log.OldestSection));
        }
        string[] before = [.. run.Restart().Seen.Payloads];
        var seen = run.Restart().Seen;
        Assert.Equal(before, seen.Payloads);
        Assert.All(seen.Records.Zip(seen.Records.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position));
        Assert.Equal(seen.Payloads.Select(Number).Order(), seen.Payloads.Select(Number));
        Assert.Empty(seen.Damages);
    }

    [Theory]
    // Each of the four guards alone is enough; without all of them an old batch would come back.
    [InlineData(false, true, true, true)]
    [InlineData(true, false, true, true)]
    [InlineData(true, true, false, true)]
    [InlineData(true, true, true, false)]
    [InlineData(false, false, false, false)]
    public void AnOldRecord_IsNoneBecauseOf(bool sameNumber, bool sameEpoch, bool laterBatch, bool samePlace)
    {
        var seen = WithLeftover(sameNumber, sameEpoch, laterBatch, samePlace);
        Assert.Equal(["first"], seen.Payloads);
        Assert.Empty(seen.Damages);
    }

    [Fact]
    public void WithoutAnyGuard_AnOldBatchWouldCount() =>
        Assert.Equal(["first", "old"], WithLeftover(sameNumber: true, sameEpoch: true, laterBatch: true, samePlace: true).Payloads);

    // The same bytes as a batch of this life before which another one is missing: it counts, and that is told.
    [Fact]
    public void ABatchAfterAMissingOne_CountsAndTheGapIsNamed()
    {
        var seen = WithLeftover(sameNumber: true, sameEpoch: true, laterBatch: true, samePlace: true, next: 3);
        Assert.Equal(["first", "old"], seen.Payloads);
        Assert.Equal([new Damage(1, Old, 0, DamageReason.Gap)], seen.Damages);
    }

    private static Recorded WithLeftover(bool sameNumber, bool sameEpoch, bool laterBatch, bool samePlace, ulong next = 2)
    {
        var run = new LogDriver();
        run.Commit("first");
        var disk = run.Disk.Kill();
        byte[] content = disk[Name];
        Assert.True(SegmentHeader.TryRead(content, out var header));
        Assert.Equal(-1, content.AsSpan(Old).IndexOfAnyExcept((byte)0));
        var key = new SegmentKey(sameNumber ? 1u : 7u, sameEpoch ? header.Key.Epoch : ~header.Key.Epoch);
        uint written = samePlace ? (uint)Old : Old + 4096u;
        ulong batch = laterBatch ? next : 1;
        byte[] payload = Encoding.ASCII.GetBytes("old");
        RecordHeader.Write(content.AsSpan(Old), key, written, new RecordHeader(RecordKind.Envelope, batch, payload.Length, 0), payload);
        byte[] commit = new byte[CommitRecord.Size];
        new CommitRecord(1, Checksum.Over(0, content.AsSpan(Old, RecordHeader.Size)), new RecordPosition(key.Number, written)).Write(commit);
        int behind = RecordHeader.SpaceFor(payload.Length);
        RecordHeader.Write(
            content.AsSpan(Old + behind), key, written + (uint)behind, new RecordHeader(RecordKind.Commit, batch, commit.Length, 0), commit);
        disk[Name] = content;
        return new LogDriver(disk).Seen;
    }

    private static bool LastHoldsAnEarlierLife(LogDriver run)
    {
        var last = run.Segments()[^1];
        return last.Number > 2 && run.Disk[$"segment-{last.Number:x8}"].AsSpan((int)last.Bytes).ContainsAnyExcept((byte)0);
    }

    private static int Number(string payload) => int.Parse(payload.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz"), System.Globalization.CultureInfo.InvariantCulture);
}
