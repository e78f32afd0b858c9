using Postern.Mail;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Storage;

/// <summary>Each start begins a segment, and a segment takes its place on the disk however little stands in it.</summary>
public sealed class RestartRoomTests
{
    // The first message waits for its destination, so the oldest segment can't simply go: else a server that is restarted
    // again and again under load would fill its disk with segments of which each is nearly empty.
    [Fact]
    public void ManyStartsWhileOneMessageWaits_TakeNoMoreRoomThanAFewSegments()
    {
        var disk = new SimulatedDisk();
        var clock = new ManualClock();
        for (var life = 0; life < 30; life++)
        {
            using var rig = new QueueRig(new SegmentLog(disk, DamagedSpool.Options()), clock);
            rig.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\nbody\r\n", life == 0 ? "x@b.test" : "u@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
            for (var second = 0; second < 5; second++)
            {
                rig.Clock.Pass(TimeSpan.FromSeconds(1));
                rig.Turn();
            }

            Assert.Equal(1, rig.Parts.Core.Table.Messages.Count);
            Assert.InRange(rig.Log.OldestSection, 1u, uint.MaxValue);
            Assert.InRange(disk.Names.Count(name => name.StartsWith("segment-", StringComparison.Ordinal)), 1, 8);
            disk = disk.Kill();
        }
    }
}
