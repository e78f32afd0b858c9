using System.Text;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Queue.Tests.Delivery;
using Postern.Spool;

namespace Postern.Queue.Tests.Storage;

/// <summary>What there is no room for as a whole is not begun: half of it would take what room there is, and help nobody.</summary>
public sealed class TooLargeTests : IDisposable
{
    private const int Section = 16 * 1024;

    private readonly MemoryLog _log = new(sectionBytes: Section);
    private readonly CountingLog _counted;
    private readonly QueueRig _rig;

    public TooLargeTests()
    {
        _counted = new CountingLog(_log);
        _rig = new QueueRig(_counted);
    }

    [Fact]
    public void ACheckpoint_WaitsUntilThereIsRoomForAllOfIt()
    {
        for (var mailing = 0; mailing < 100; mailing++)
        {
            _rig.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", [.. Enumerable.Range(0, 50).Select(one => $"{new string('x', 40)}{one}@b.test")]);
        }

        _rig.Turn();
        var begun = _counted.Checkpoints;
        _log.Capacity = _log.Bytes + 50_000;
        Seconds(100);
        Assert.InRange(_counted.Checkpoints - begun, 0, 2);
        Assert.InRange(_log.BytesSinceCheckpoint, 300_000, long.MaxValue);

        // More room, bit by bit, and still not enough.
        var (tried, bytes) = (_counted.Checkpoints, _log.Bytes);
        for (var bit = 0; bit < 10; bit++)
        {
            _log.Capacity += 10_000;
            Seconds(30);
        }

        Assert.Equal((tried, bytes), (_counted.Checkpoints, _log.Bytes));

        _log.Capacity = long.MaxValue;
        Seconds(200);
        Assert.Equal((tried + 1, 1), (_counted.Checkpoints, _counted.Completed));
    }

    [Fact]
    public void AMessage_IsMovedWhenThereIsRoomForAllOfIt()
    {
        var waiting = string.Join('|', Enumerable.Repeat(new string('w', 10_000), 10));
        _rig.Smtpd.Submit("s@f.test", waiting, "x@b.test");
        _rig.Turn();
        _rig.AnswerAll(_rig.Remote, DeliveryOutcome.Temporary);
        AssertNotBegunWithoutRoom(bytes: 100_000);

        _rig.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(waiting.Replace("|", "", StringComparison.Ordinal), _rig.Remote.Single.Content.ToString());
    }

    [Fact]
    public void AMessageThatIsOnItsWayIn_IsMovedWhenThereIsRoomForAllOfIt()
    {
        var transaction = _rig.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "x@b.test");
        for (var piece = 0; piece < 10; piece++)
        {
            _rig.Smtpd.Channel.Send(new ContentFrame { Transaction = transaction, Bytes = Encoding.ASCII.GetBytes(new string('w', 10_000)) });
        }

        _rig.Turn();
        AssertNotBegunWithoutRoom(bytes: 100_000);

        _rig.Smtpd.Channel.Send(new CommitFrame { Transaction = transaction });
        _rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, _rig.Smtpd.Answers[transaction]);
        Assert.Equal(new string('w', 100_000), _rig.Remote.Single.Content.ToString());
    }

    public void Dispose()
    {
        _rig.Dispose();
        _counted.Dispose();
        _log.Dispose();
    }

    /// <summary>The first section has to go and what lives in it needs more room than there is; then there is some.</summary>
    private void AssertNotBegunWithoutRoom(int bytes)
    {
        // No time passes, so nothing moves yet.
        while (_log.Bytes < 5 * bytes)
        {
            _rig.Smtpd.Submit("s@f.test", new string('x', 10_000), "z@a.test");
            _rig.Turn();
            _rig.AnswerAll(_rig.Local, DeliveryOutcome.Delivered);
        }

        var before = _counted.ContentBytes;
        _log.Capacity = _log.Bytes + (bytes / 2);
        Seconds(60);
        Assert.Equal((before, 1u), (_counted.ContentBytes, _log.OldestSection));

        _log.Capacity = long.MaxValue;
        Seconds(60);
        Assert.InRange(_counted.ContentBytes - before, bytes, bytes + 1000);
        Assert.InRange(_log.OldestSection, 2u, uint.MaxValue);
    }

    private void Seconds(int count)
    {
        for (var second = 0; second < count; second++)
        {
            _rig.Clock.Pass(TimeSpan.FromSeconds(1));
            _rig.Turn();
        }
    }
}
