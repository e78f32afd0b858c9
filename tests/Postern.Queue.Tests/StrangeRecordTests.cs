using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests;

/// <summary>Records and settings that are whole and say what no queue says: they cost themselves, and nothing else.</summary>
public sealed class StrangeRecordTests
{
    private const long Now = 1_790_000_000;

    public static TheoryData<string, long, long> Strange => new()
    {
        // Cut within its second recipient: nobody must get a message of which a recipient is unknown.
        { "cut", Now, 100 },
        // Moments and sizes that the table has no room for once ended every start.
        { "whole", -1, 100 },
        { "whole", 1L << 32, 100 },
        { "whole", Now, -1 },
        { "whole", Now, long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Strange))]
    public void AStrangeEnvelope_IsNoMessage_AndTheOthersAreDelivered(string form, long arrived, long size)
    {
        var log = new MemoryLog();
        var payload = Envelope(7, arrived, size);
        Append(log, form == "cut" ? payload[..^3] : payload);
        Append(log, Envelope(8, Now, 0));
        Assert.Equal(LogResult.Success, log.Commit());

        using var rig = new QueueRig(log);
        Assert.Equal(1, rig.Parts.Core.Table.Messages.Count);
        Assert.Equal(8ul, rig.Remote.Single.Message);
        Assert.Contains("strange=1", rig.Lines, StringComparison.Ordinal);
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void ACopyThatIsCut_DoesNotReplaceTheMessage()
    {
        var log = new MemoryLog();
        Append(log, Envelope(7, Now, 0));
        Append(log, Envelope(7, Now, 0, EnvelopeCause.Moved)[..^3]);
        Assert.Equal(LogResult.Success, log.Commit());

        using var rig = new QueueRig(log);
        Assert.Equal(2, rig.Remote.Single.Recipients.Count);
        Assert.Contains("strange=1", rig.Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLargestNumbersOfASlice_AreLargeSettings()
    {
        var slice = new SliceWriter();
        slice.Add(new QueueSlice
        {
            HostName = "mx.a.test",
            Folder = "/nowhere",
            MessageSize = ulong.MaxValue,
            RetryFirstSeconds = uint.MaxValue,
            RetryMaxSeconds = uint.MaxValue,
            ExpireSeconds = uint.MaxValue,
            WarnAfterSeconds = uint.MaxValue,
            MaxPerDestination = uint.MaxValue,
            MaxRemote = uint.MaxValue,
            MaxLocal = uint.MaxValue,
            SegmentBytes = uint.MaxValue,
        });
        var settings = QueueSettings.Read(slice.Bytes)!;
        Assert.Equal((long.MaxValue, int.MaxValue), (settings.MessageSize, settings.SegmentBytes));
        Assert.Equal((int.MaxValue, int.MaxValue, int.MaxValue), settings.Attempts);
    }

    private static void Append(MemoryLog log, byte[] payload) => Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, payload, out _));

    private static byte[] Envelope(ulong message, long arrived, long size, EnvelopeCause cause = EnvelopeCause.Submitted)
    {
        var (recipients, payload) = (new ByteQueue(), new ByteQueue());
        foreach (var address in new[] { "x@b.test"u8.ToArray(), "y@b.test"u8.ToArray() })
        {
            new StoredRecipient { Address = address, Original = default, Notify = 0, Standing = default }.Write(FrameWriter.Fields(recipients));
        }

        var writer = FrameWriter.Fields(payload);
        new EnvelopeHead
        {
            Message = message,
            Cause = cause,
            CauseMessage = 0,
            CauseDetail = 0,
            Arrived = arrived,
            Size = size,
            Marks = 0,
            Protocol = MailProtocol.Esmtp,
            Return = ReturnContent.Unspecified,
            Body = BodyType.SevenBit,
            Handling = Handling.None,
            Client = default,
            Sender = "s@f.test"u8,
            EnvelopeId = default,
        }.Write(writer);
        EnvelopeTail.Write(writer, [], [], 2, recipients.Span);
        return payload.Span.ToArray();
    }
}
