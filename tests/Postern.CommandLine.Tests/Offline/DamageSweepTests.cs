using System.Globalization;
using System.Text.Json;
using Postern.CommandLine.Tests.Fakes;
using Postern.Mail;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.CommandLine.Tests.Offline;

/// <summary>
/// <c>queue verify</c> and <c>queue export</c> on damaged folders: what they say is what a start would say, what is whole is
/// rescued byte for byte, nothing altered comes out, and the folder stays as it was. P7, P12. POSTERN_LONG=1 leaves no byte out.
/// </summary>
public sealed class DamageSweepTests
{
    private static readonly bool _long = LongForm.IsAsked;

    private readonly DamagedQueue _queue = new();

    [Fact]
    public void AWholeQueue_IsExportedWhole()
    {
        using var place = new Place(_queue);
        Assert.Equal(36, _queue.Intact(_queue.Disk).Count());
        place.Try(_queue.Disk.Kill(), "nothing");
        Assert.Equal(0, place.VerifyCode);
    }

    [Fact]
    public void TheLastSegmentCutAtAnyByte() => Sweep(Steps(DamagedQueue.SegmentBytes, 1009).Select(cut => (
        $"cut at {cut}", Change(_queue.Segments[^1], content => content[..cut]))));

    // Up to the zeros that fill the record up, and past them.
    [Fact]
    public void TheLastSegmentCutAroundTheEndOfAnyRecord() => Sweep(_queue.Ends.SelectMany(end => Enumerable.Range(end - 1, 10)).Select(cut => (
        $"cut at {cut}", Change(_queue.Segments[^1], content => content[..cut]))));

    [Fact]
    public void TheLastSegmentEndingInZerosAtAnyByte() => Sweep(Steps(DamagedQueue.SegmentBytes, 1013).Select(cut => (
        $"zeros from {cut}", Change(_queue.Segments[^1], content => [.. content[..cut], .. new byte[content.Length - cut]]))));

    [Fact]
    public void AnyBitOfTheLast64KiB() => Sweep(Steps(8 * DamagedQueue.SegmentBytes, 8191).Select(bit => (
        $"bit {bit}", Flip(_queue.Segments[^1], bit))));

    [Fact]
    public void BitsOfOlderSegments() => Sweep(_queue.Segments[..^1].SelectMany(name =>
        Steps(8 * DamagedQueue.SegmentBytes, 26203, 523).Select(bit => ($"{name}: bit {bit}", Flip(name, bit)))));

    [Fact]
    public void AnySegmentMissing() => Sweep(_queue.Segments.Select(name => (
        $"{name} missing", (Action<SimulatedDisk>)(disk => disk.Lose(name)))));

    [Fact]
    public void AnySegmentFromABackup() => Sweep(
        from backup in _queue.Earlier
        from name in _queue.Segments
        where backup.Names.Contains(name)
        select ($"{name} of a backup", Change(name, _ => backup[name])));

    /// <summary>Places up to an end: a sample, or in the long form all of them, or more of them.</summary>
    private static IEnumerable<int> Steps(int end, int step, int stepOfAll = 1) => Enumerable.Range(0, end).Where(at => at % (_long ? stepOfAll : step) == 0);

    private static Action<SimulatedDisk> Change(string name, Func<byte[], byte[]> change) => disk => disk[name] = change(disk[name]);

    private static Action<SimulatedDisk> Flip(string name, int bit) => Change(name, content =>
    {
        content[bit / 8] ^= (byte)(1 << (bit % 8));
        return content;
    });

    private void Sweep(IEnumerable<(string What, Action<SimulatedDisk> Damage)> damages) => Parallel.ForEach(
        LongForm.Part(damages),
        () => new Place(_queue),
        (damage, _, place) =>
        {
            var disk = _queue.Disk.Kill();
            damage.Damage(disk);
            place.Try(disk, damage.What);
            return place;
        },
        place => place.Dispose());

    /// <summary>A folder with a damaged queue, and one to rescue it to.</summary>
    private sealed class Place : IDisposable
    {
        private readonly DamagedQueue _queue;
        private readonly string _root = Directory.CreateTempSubdirectory("pdm").FullName;
        private readonly Dictionary<string, byte[]> _written = [];
        private readonly string _folder;

        internal Place(DamagedQueue queue)
        {
            (_queue, _folder) = (queue, Path.Join(_root, "queue"));
            Directory.CreateDirectory(_folder);
        }

        internal int VerifyCode { get; private set; }

        public void Dispose() => Directory.Delete(_root, recursive: true);

        internal void Try(SimulatedDisk disk, string what)
        {
            Write(disk);
            var times = Times();
            var seen = new DamagedQueue.Seen();
            using (var log = new SegmentLog(disk.Kill(), DamagedQueue.Options()))
            {
                Assert.Equal(LogResult.Success, log.Recover(seen, out _));
            }

            var incomplete = Verify(seen.Damages, what);
            Export(disk, incomplete, what);
            Assert.Equal(times, Times());
            foreach (var (name, content) in _written)
            {
                Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Join(_folder, name))), $"{what}: {name} was written to");
            }
        }

        /// <summary>Brings the folder to a state; files that are right already are left.</summary>
        private void Write(SimulatedDisk disk)
        {
            foreach (var gone in _written.Keys.Except(disk.Names).ToList())
            {
                File.Delete(Path.Join(_folder, gone));
                _written.Remove(gone);
            }

            foreach (var name in disk.Names)
            {
                var content = disk[name];
                if (!_written.TryGetValue(name, out var there) || !there.AsSpan().SequenceEqual(content))
                {
                    File.WriteAllBytes(Path.Join(_folder, name), content);
                    _written[name] = content;
                }
            }
        }

        private List<(string, DateTime)> Times() =>
            [.. Directory.GetFileSystemEntries(_folder).Append(_folder).Order(StringComparer.Ordinal).Select(path => (path, File.GetLastWriteTimeUtc(path)))];

        /// <summary>Runs <c>verify</c>; returns how many messages it finds incomplete.</summary>
        private int Verify(List<Damage> damages, string what)
        {
            using var caller = new Caller();
            VerifyCode = caller.Run("", "postern", "queue", "verify", "--json", _folder);
            using var json = JsonDocument.Parse(caller.Output);
            var root = json.RootElement;
            Assert.Equal(
                damages.Where(damage => damage.Reason != DamageReason.TornTail).Select(damage => damage.ToString()).Order(StringComparer.Ordinal),
                root.GetProperty("damage").EnumerateArray().Select(one => one.GetString()!).Order(StringComparer.Ordinal));
            Assert.Equal(
                damages.Where(damage => damage.Reason == DamageReason.TornTail).Select(damage => damage.ToString()),
                root.GetProperty("unfinished").EnumerateArray().Select(one => one.GetString()!));
            var incomplete = root.GetProperty("incomplete_messages").GetInt32();
            var counted = damages.Count(damage => damage.Reason != DamageReason.TornTail);
            Assert.Equal(counted, root.GetProperty("damages").GetInt32());
            Assert.True(VerifyCode == (counted + incomplete == 0 ? 0 : 65), $"{what}: {VerifyCode}");
            return incomplete;
        }

        private void Export(SimulatedDisk disk, int incomplete, string what)
        {
            using var caller = new Caller();
            var target = Path.Join(caller.Folder, "rescued");
            var code = caller.Run("", "postern", "queue", "export", _folder, target);
            Assert.True(code is 0 or 65, $"{what}: {code} {caller.Error}");
            Assert.True(code == 65 || incomplete == 0, $"{what}: an incomplete message was rescued");
            Assert.Equal(code == 65, caller.Error.Contains(" is incomplete and left out", StringComparison.Ordinal));
            var rescued = new HashSet<ulong>();
            foreach (var file in Directory.GetFiles(Path.Join(target, "new")))
            {
                Assert.True(MessageId.TryParse(Path.GetFileName(file).Split('.')[1][1..], out var id));
                Assert.True(_queue.Knows(id.Value) && File.ReadAllText(file) == _queue.Exported(id.Value), $"{what}: {file} is not what was sent");
                rescued.Add(id.Value);
            }

            var missed = _queue.Intact(disk).Except(rescued).ToList();
            Assert.True(missed.Count == 0, string.Create(CultureInfo.InvariantCulture, $"{what}: {missed.Count} intact messages are not rescued, such as {missed.FirstOrDefault()}"));
        }
    }
}
