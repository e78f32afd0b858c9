using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Storage;

/// <summary>How much a start reads: it decides how long a queue of a million messages takes to be there again.</summary>
public sealed class RestartReadingTests
{
    private const int Messages = 200;

    // What a kill leaves under load is the rule, not a sign that something older may be damaged.
    [Fact]
    public void ABatchThatAKillCutOff_CostsNoReadingOfEveryMessage()
    {
        var clean = BytesReadAtStart(rig => { });
        var torn = BytesReadAtStart(rig =>
        {
            Assert.Equal(LogResult.Success, rig.Log.Append(RecordKind.Content, new byte[100], out _));
            Assert.Equal(LogResult.Success, rig.Log.WriteOut());
        });
        Assert.InRange(torn, clean, clean + (64 * 1024));
    }

    // Whoever has reason to look at every message must not read a mebibyte for each.
    [Fact]
    public void ASuspicion_CostsLittleMoreThanWhatThereIs()
    {
        var clean = BytesReadAtStart(rig => { });
        var suspicious = BytesReadAtStart(rig =>
        {
            Assert.Equal(LogResult.Success, rig.Parts.Core.Log.AppendStart(StartRecord.Suspicion));
            Assert.Equal(LogResult.Success, rig.Log.Commit());
        });
        Assert.InRange(suspicious, clean + (Messages * 2 * 1024), clean + (Messages * 2 * 20 * 1024));
    }

    private static long BytesReadAtStart(Action<QueueRig> last)
    {
        var disk = new SimulatedDisk();
        using (var rig = new QueueRig(new SegmentLog(disk, new LogOptions { SegmentBytes = 4 << 20, MinFreeBytes = 0, ZeroedPerCall = 0 })))
        {
            for (var number = 0; number < Messages; number++)
            {
                rig.Smtpd.Submit("s@f.test", "Subject: t\r\n\r\n" + new string('x', 2000) + "\r\n", "x@b.test");
            }

            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            rig.Clock.Pass(TimeSpan.FromSeconds(2));
            rig.Turn();
            last(rig);
        }

        disk = disk.Kill();
        using var log = new SegmentLog(disk, new LogOptions { SegmentBytes = 4 << 20, MinFreeBytes = 0, ZeroedPerCall = 0 });
        using var next = new QueueRig(log);
        Assert.Equal(Messages, next.Parts.Core.Table.Messages.Count);
        return disk.ReadBytes;
    }
}
