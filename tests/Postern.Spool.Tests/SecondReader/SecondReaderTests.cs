using System.Globalization;
using System.Text;
using Postern.TestKit;

namespace Postern.Spool.Tests.SecondReader;

/// <summary>Both readers on logs that were damaged; <see cref="LogDriver"/> asks both of every log in the other tests.</summary>
public sealed class SecondReaderTests
{
    private static readonly int _stride = LongForm.IsAsked ? 1 : 2003;

    private readonly SimulatedDisk _disk;
    private readonly List<string> _differences = [];

    public SecondReaderTests()
    {
        // All that a log can have: a freed segment, two checkpoints, a batch in two segments, a dropped tail, restarts.
        var run = new LogDriver();
        Live(run, 0, 30);
        Assert.Equal(LogResult.Success, run.Log.Free(1));
        Checkpoint(run, "first");
        for (int part = 0; part < 12; part++) run.Append(LogDriver.Long(1000 + part, 5000));
        run.Commit();
        run.Append("dropped");
        run.WriteOut();
        run = run.Restart();
        Live(run, 100, 6);
        Checkpoint(run, "second");
        Live(run, 200, 20);
        run = run.Restart();
        Live(run, 300, 3);
        Assert.True(run.Segments().Count >= 5);
        _disk = run.Disk;
    }

    [Fact]
    public void TheSecondReader_KnowsTheRecordOfTheFormatTests()
    {
        Assert.Equal(0xE3069283u, Castagnoli.Over(0, "123456789"u8));
        byte[] file = new byte[8192 + 32];
        Convert.FromHexString("A205E62E50711100030000000000000003000000C39B70116162630000000000").CopyTo(file, 8192);
        var record = FoundRecord.Read(file, (uint)file.Length, new(7, 8192), 0x1122_3344_5566_7788);
        Assert.Equal((0x11, 3ul, "abc", true), (record!.Kind, record.Batch, Encoding.ASCII.GetString(record.Payload), record.IsWhole));
        Assert.Null(FoundRecord.Read(file, (uint)file.Length, new(8, 8192), 0x1122_3344_5566_7788));
    }

    [Fact]
    public void TheSecondReader_FindsEverythingInTheLog()
    {
        var reader = BothReaders.Read(_disk).Reader;
        Assert.True(reader.FromCheckpoint);
        Assert.Equal("second", Assert.Single(reader.Pieces.Select(Encoding.ASCII.GetString)));
        Assert.DoesNotContain(1u, reader.Kept.Select(segment => segment.Number));
        Assert.Empty(reader.Inside(default));
        Assert.Empty(reader.Outside);
    }

    [Fact]
    public void BothReaders_AgreeOnEveryFlippedBit()
    {
        foreach (string name in Segments())
        {
            int used = Array.FindLastIndex(_disk[name], value => value != 0);
            foreach (int at in LongForm.Part(Places(used)))
                Try(name, content => Flip(content, at), $"{name}: bit at {at}");
        }
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    [Fact]
    public void BothReaders_AgreeOnEveryLostSector()
    {
        foreach (string name in Segments())
            for (int at = 0; at < LogDriver.SmallSegment; at += 512 * (_stride == 1 ? 1 : 9))
                Try(name, content => content.AsSpan(at, 512).Clear(), $"{name}: sector at {at}");
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    [Fact]
    public void BothReaders_AgreeOnEveryCut()
    {
        foreach (string name in Segments())
        {
            int step = name == Segments()[^1] ? 499 : 4777;
            foreach (int cut in LongForm.Part(Enumerable.Range(0, LogDriver.SmallSegment).Where(cut => _stride == 1 || cut % step == 0)))
                Try(name, content => content[..cut], string.Create(CultureInfo.InvariantCulture, $"{name}: cut at {cut}"));
        }
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    [Fact]
    public void BothReaders_AgreeOnEveryLostFile()
    {
        foreach (string name in Segments())
            Try(_disk.Kill(), disk => disk.Lose(name), $"{name}: lost");
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    [Fact]
    public void BothReaders_AgreeOnALastBatch_BehindWhichOnlyARunBegan()
    {
        var run = new LogDriver();
        run.Commit("first");
        var position = run.Append("last");
        run.Commit();
        var next = run.Restart();
        foreach (uint at in new[] { position.Offset + 9, position.Offset + 25, position.Offset + 40, position.Offset + 60 })
            Try(next.Disk.Kill(), disk => Change(disk, "segment-00000001", content => Flip(content, (int)at)), $"last batch at {at}");
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    [Fact]
    public void BothReaders_AgreeOnALastBatch_OfWhichNothingIsLeft()
    {
        var run = new LogDriver();
        run.Commit("first");
        for (int part = 0; run.Segments().Count == 1; part++) run.Append(LogDriver.Long(part, 3000));
        run.WriteOut();
        // The first batch ends where the second page behind the list of segments begins.
        Try(run.Disk.Kill(), disk =>
        {
            Change(disk, "segment-00000001", content => content.AsSpan(16384).Clear());
            Change(disk, "segment-00000002", content => content.AsSpan(12288).Clear());
        }, "nothing left");
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    [Fact]
    public void BothReaders_AgreeOnTwoDamagesAtOnce()
    {
        var random = new Random(7);
        string[] names = Segments();
        for (int life = 0; life < (_stride == 1 ? 20_000 : 100); life++)
        {
            var (one, other) = (names[random.Next(names.Length)], names[random.Next(names.Length)]);
            var (at, too) = (random.Next(LogDriver.SmallSegment - 64), random.Next(3) * 4096);
            Try(_disk.Kill(), disk =>
            {
                Change(disk, one, content => content.AsSpan(at, 64).Clear());
                Change(disk, other, content => content.AsSpan(too, 64).Clear());
            }, $"{one} at {at} and {other} at {too}");
        }
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    // The list of the newest segment says that all batches before its own were durable: what is missing of them is no part of the
    // last batch that never came to its end.
    [Fact]
    public void BothReaders_AgreeOnASegmentCutOff_BeforeOneWhoseFirstBatchIsTorn()
    {
        var run = new LogDriver();
        for (int number = 0; run.Segments().Count == 1; number++) run.Commit(LogDriver.Long(number, 3000));
        string newest = $"segment-{run.Segments()[^1].Number:x8}";
        for (int cut = 8192; cut < LogDriver.SmallSegment; cut += 1021)
            Try(run.Disk.Kill(), disk =>
            {
                disk["segment-00000001"] = disk["segment-00000001"][..cut];
                Change(disk, newest, content => content.AsSpan(12288).Clear());
                Change(disk, newest, content => run.Disk[newest].AsSpan(12288, 24 + 3000).CopyTo(content.AsSpan(12288)));
            }, $"cut at {cut}");
        Assert.True(_differences.Count == 0, string.Join('\n', _differences));
    }

    /// <summary>Bytes of the header and of the list, and a sample of the others.</summary>
    private static IEnumerable<int> Places(int used)
    {
        for (int at = 0; at < 32; at += 9) yield return at;
        for (int at = 8192; at < 8400; at += 13) yield return at;
        for (int at = 8400; at <= used; at += _stride) yield return at;
    }

    private string[] Segments() => [.. _disk.Names.Where(name => name.StartsWith("segment", StringComparison.Ordinal))];

    private void Try(string name, Action<byte[]> change, string what) => Try(_disk.Kill(), disk => Change(disk, name, change), what);

    private void Try(string name, Func<byte[], byte[]> change, string what) =>
        Try(_disk.Kill(), disk => disk[name] = change(disk[name]), what);

    private void Try(SimulatedDisk disk, Action<SimulatedDisk> change, string what)
    {
        change(disk);
        try
        {
            BothReaders.Scan(disk);
            // A list that is written anew is read anew, too.
            new LogDriver(disk).Restart();
        }
        catch (Xunit.Sdk.XunitException difference)
        {
            _differences.Add($"{what}: {difference.Message}");
        }
    }

    private static void Flip(byte[] content, int at) => content[at] ^= (byte)(1 << (at % 8));

    private static void Change(SimulatedDisk disk, string name, Action<byte[]> change)
    {
        byte[] content = disk[name];
        change(content);
        disk[name] = content;
    }

    private static void Live(LogDriver run, int first, int count)
    {
        for (int number = first; number < first + count; number++) run.Commit(LogDriver.Long(number, 3000), LogDriver.Long(number, 70));
    }

    private static void Checkpoint(LogDriver run, string piece)
    {
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint(Encoding.ASCII.GetBytes(piece)));
        run.Commit("while it is written");
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.Commit();
    }
}
