using System.Text;
using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Posix.Files;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Storage;

/// <summary>A segment can't be opened when a message in it has to be looked at: not the message is at fault, and the next run may open it.</summary>
public sealed class UnopenableSegmentTests
{
    private const string Waiting = "Subject: it waits\r\n\r\nbody\r\n", Damaged = "Subject: it is damaged\r\n\r\nbody\r\n";

    [Theory]
    // No memory, too many open files in the system, in the program.
    [InlineData(12)]
    [InlineData(23)]
    [InlineData(24)]
    public void ASegmentThatCanNotBeOpenedNow_EndsTheStart_AndCostsNoMessage(int error)
    {
        var disk = WithDamageBehindACheckpoint();
        var late = new LateDisk(disk, error);
        var none = Assert.ThrowsAny<Exception>(() => new QueueRig(new SegmentLog(late, Options)));
        Assert.Contains("the log can't be read: read segment-00000001: ", none.Message, StringComparison.Ordinal);
        Assert.True(late.HasFailed);

        // What the run before it knew may be forgotten: then the damage is found once more, where the message is needed.
        disk = disk.Kill();
        using (var again = new QueueRig(new SegmentLog(disk, Options)))
        {
            if (!again.Lines.Contains("message-damaged", StringComparison.Ordinal))
            {
                Assert.ThrowsAny<Exception>(() => again.Pass(TimeSpan.FromMinutes(10)));
            }
        }

        using var next = new QueueRig(new SegmentLog(disk.Kill(), Options));
        Assert.Single(next.Lines.Split('\n'), line => line.Contains("message-damaged", StringComparison.Ordinal));
        next.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(Waiting, next.Remote.Single.Content.ToString());
    }

    // What a sender is owed stands there: to tell him without the words that were said, and people of a damage, would be wrong.
    [Theory]
    [InlineData(12)]
    [InlineData(23)]
    [InlineData(24)]
    public void AnAnswerThatCanNotBeReadNow_EndsTheRun_AndTheNextTellsIt(int error)
    {
        var disk = new SimulatedDisk();
        uint segment;
        using (var rig = new QueueRig(new SegmentLog(disk, Options), composes: false))
        {
            rig.Smtpd.Submit(new SentMail(), "x@b.test");
            // The answer comes to stand in another segment than the message.
            Fill(rig, 5);
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent);
            segment = Assert.Single(rig.Parts.Notices.OwedOf(0)).Position.Section;
            Assert.InRange(segment, 2u, 3u);
            PassACheckpoint(rig);
        }

        disk = disk.Kill();
        var late = new LateDisk(disk, error, segment);
        var none = Assert.ThrowsAny<Exception>(() => new QueueRig(new SegmentLog(late, Options)));
        Assert.Contains($"can't give back the record at {segment:x8}:", none.Message, StringComparison.Ordinal);
        Assert.True(late.HasFailed);

        using var next = new QueueRig(new SegmentLog(disk.Kill(), Options));
        Assert.Equal([(NoticeAction.Failed, "x@b.test")], Assert.Single(next.Bounce.Notices).Recipients);
        Assert.DoesNotContain("damaged", next.Lines, StringComparison.Ordinal);
    }

    // That will not get better.
    [Theory]
    [InlineData(5)]
    [InlineData(117)]
    public void ASegmentThatTheDiskCanNotGiveBack_CostsItsMessages(int error)
    {
        using var rig = new QueueRig(new SegmentLog(new LateDisk(WithDamageBehindACheckpoint(), error), Options));
        Assert.InRange(rig.Lines.Split('\n').Count(line => line.Contains("message-damaged", StringComparison.Ordinal)), 2, 10);
        rig.Pass(TimeSpan.FromMinutes(10));
        Assert.Empty(rig.Remote.Attempts);
    }

    private static LogOptions Options => new() { SegmentBytes = 64 * 1024, MinFreeBytes = 0, ZeroedPerCall = 0 };

    /// <summary>Two messages that wait in the first segment, of which one was found damaged by the last run.</summary>
    private static SimulatedDisk WithDamageBehindACheckpoint()
    {
        var disk = new SimulatedDisk();
        using (var rig = new QueueRig(new SegmentLog(disk, Options)))
        {
            rig.Smtpd.Submit("s@f.test", Waiting, "x@b.test");
            rig.Smtpd.Submit("s@f.test", Damaged, "x@c.test");
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            PassACheckpoint(rig);
        }

        disk = disk.Kill();
        var (name, text) = ("segment-00000001", Encoding.ASCII.GetBytes(Damaged));
        var bytes = disk[name];
        bytes[bytes.AsSpan().IndexOf(text)] ^= 0x20;
        disk[name] = bytes;
        using (var ended = new QueueRig(new SegmentLog(disk, Options)))
        {
            Assert.ThrowsAny<Exception>(() => ended.Pass(TimeSpan.FromMinutes(10)));
        }

        return disk.Kill();
    }

    /// <summary>So much mail comes that a checkpoint is written behind the first segment. It stays, so that nothing has to move.</summary>
    private static void PassACheckpoint(QueueRig rig)
    {
        Fill(rig, 20);
        for (var second = 0; second < 10 && rig.Log.BytesSinceCheckpoint > 100_000; second++)
        {
            rig.Clock.Pass(TimeSpan.FromSeconds(1));
            rig.Turn();
        }

        Assert.InRange(rig.Log.BytesSinceCheckpoint, 0, 100_000);
        Assert.Equal(1u, rig.Log.OldestSection);
    }

    private static void Fill(QueueRig rig, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            rig.Smtpd.Submit("s@f.test", new string('x', 20_000), $"z{i}@a.test");
        }

        rig.Turn();
    }

    /// <summary>A disk on which one segment can be opened once, for its header, and not again.</summary>
    private sealed class LateDisk(SimulatedDisk disk, int error, uint segment = 1) : ISpoolDisk
    {
        private int _opened;

        internal bool HasFailed => _opened > 1;

        public FileResult Open(string name, out ISpoolFile? file)
        {
            file = null;
            return name == $"segment-{segment:x8}" && ++_opened > 1 ? FileResult.Failure(error) : disk.Open(name, out file);
        }

        public FileResult Lock() => disk.Lock();

        public FileResult List(List<string> names) => disk.List(names);

        public FileResult Create(string name, long size, out ISpoolFile? file) => disk.Create(name, size, out file);

        public FileResult Rename(string name, string newName) => disk.Rename(name, newName);

        public FileResult Remove(string name) => disk.Remove(name);

        public FileResult Sync() => disk.Sync();

        public FileResult GetFreeBytes() => disk.GetFreeBytes();

        public void Dispose() => disk.Dispose();
    }
}
