using System.Text;
using Postern.Ipc.Submission;
using Postern.Mail;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests;

/// <summary>A disk that gives back other bytes than were written: what is damaged is set aside and named, the rest goes on.</summary>
public sealed class DamageTests : IDisposable
{
    private const string Mark = "Subject: this is the one";

    private SimulatedDisk _disk = new();

    [Fact]
    public void MessageWhoseContentCannotBeRead_IsSetAsideByTheNextRun_AndTheOthersAreDelivered()
    {
        using (var before = Start())
        {
            before.Smtpd.Submit("s@f.test", $"{Mark}\r\n\r\nbody\r\n", "x@b.test");
            before.Smtpd.Submit("s@f.test", "Subject: other\r\n\r\nbody\r\n", "y@c.test");
            before.Turn();
            before.AnswerAll(before.Remote, DeliveryOutcome.Temporary);
            Checkpoint(before);
        }

        // Behind the checkpoint, where a start does not look.
        _disk = _disk.Kill();
        var damaged = Damage(Mark);
        using (var during = Start())
        {
            Assert.DoesNotContain("damaged", during.Lines, StringComparison.Ordinal);
            Assert.ThrowsAny<Exception>(() => during.Pass(TimeSpan.FromMinutes(10)));
        }

        _disk = _disk.Kill();
        using (var after = Start())
        {
            Assert.Contains("message-damaged", after.Lines, StringComparison.Ordinal);
            after.Pass(TimeSpan.FromMinutes(10));
            Assert.Equal("c.test", after.Remote.Single.Destination);
            after.AnswerAll(after.Remote, DeliveryOutcome.Delivered);
            Churn(after, damaged);
        }

        Assert.Contains(damaged.Replace("segment", "damaged", StringComparison.Ordinal), _disk.Names);

        // Once looked at, the next start has no reason to suspect anything.
        _disk = _disk.Kill();
        using var last = Start();
        Assert.DoesNotContain("message-damaged", last.Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void DamageInTheOldestSection_DoesNotKeepTheLogFromBeingFreed()
    {
        using (var before = Start())
        {
            before.Smtpd.Submit("s@f.test", $"{Mark}\r\n\r\nbody\r\n", "x@b.test");
            before.Turn();
        }

        _disk = _disk.Kill();
        var damaged = Damage(Mark);
        using var rig = Start();
        Churn(rig, damaged);
        Assert.Contains(damaged.Replace("segment", "damaged", StringComparison.Ordinal), _disk.Names);
    }

    // The segment that a slow reader reads from is freed meanwhile: its content has moved, and the rest comes from there.
    [Fact]
    public void SlowReader_GetsTheRestOfAMessageThatMoved()
    {
        using var rig = Start();
        rig.Remote.Grants = false;
        var pieces = string.Join('|', Enumerable.Range(0, 60).Select(number => $"{number:D4}{new string((char)('a' + (number % 26)), 9000)}\r\n"));
        rig.Smtpd.Submit("s@f.test", pieces, "x@b.test");
        rig.Turn();
        var attempt = rig.Remote.Single;
        Assert.False(attempt.Ended);
        Churn(rig, "segment-00000009"); // The last that its content was in.
        rig.Remote.Grant(attempt, 1 << 20);
        rig.Turn();
        Assert.True(attempt.Ended || rig.EndCode is not null);
        Assert.Equal(pieces.Replace("|", string.Empty, StringComparison.Ordinal), attempt.Content.ToString());
    }

    // With a full disk not even a start can be written down; what is queued is delivered all the same.
    [Fact]
    public void StartOnAFullDisk_DeliversAndTakesNothingNew_UntilThereIsRoom()
    {
        using (var before = Start())
        {
            before.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", "x@b.test");
            before.Turn();
            before.AnswerAll(before.Remote, DeliveryOutcome.Temporary);
        }

        for (var starts = 0; starts < 6; starts++)
        {
            _disk = _disk.Kill();
            _disk.Capacity = _disk.Names.Sum(name => (long)_disk[name].Length);
            using var full = Start();
            var refused = full.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", "x@b.test");
            full.Turn();
            Assert.Equal(SubmissionOutcome.Full, full.Smtpd.Answers[refused]);
        }

        _disk = _disk.Kill();
        using var rig = Start();
        rig.Pass(TimeSpan.FromMinutes(10));
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
        _disk.Capacity = long.MaxValue;
        rig.Pass(TimeSpan.FromMinutes(1));
        var taken = rig.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", "x@b.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[taken]);
    }

    public void Dispose() => _disk.Dispose();

    private QueueRig Start() => new(new SegmentLog(_disk, new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0, ZeroedPerCall = 0 }));

    private static void Checkpoint(QueueRig rig)
    {
        for (var i = 0; i < 40; i++)
        {
            rig.Smtpd.Submit("s@f.test", new string('x', 20_000), "z@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
            rig.Clock.Pass(TimeSpan.FromSeconds(2));
            rig.Turn();
        }

        Assert.InRange(rig.Parts.Core.Log.Records.BytesSinceCheckpoint, 0, 600_000);
    }

    /// <summary>Other mail comes and goes until a segment has been freed.</summary>
    private void Churn(QueueRig rig, string segment)
    {
        for (var i = 0; i < 400 && _disk.Names.Contains(segment); i++)
        {
            rig.Smtpd.Submit("s@f.test", new string('x', 20_000), "z@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
            rig.Clock.Pass(TimeSpan.FromSeconds(2));
            rig.Turn();
        }

        Assert.DoesNotContain(segment, _disk.Names);
    }

    /// <summary>Changes a bit in the newest copy of a text, and tells which file it is in.</summary>
    private string Damage(string mark)
    {
        var text = Encoding.ASCII.GetBytes(mark);
        var name = _disk.Names.Last(name => name.StartsWith("segment-", StringComparison.Ordinal) && _disk[name].AsSpan().IndexOf(text) >= 0);
        var bytes = _disk[name];
        bytes[bytes.AsSpan().IndexOf(text)] ^= 0x20;
        _disk[name] = bytes;
        return name;
    }
}
