using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;

namespace Postern.Ipc.Tests.Frames;

public sealed class FrameTests
{
    [Fact]
    public void SenderFrame_ComesBackAsItWas()
    {
        var payload = Encode(Sender());
        var reader = new FrameReader(payload);
        Assert.True(SenderFrame.TryRead(ref reader, out var frame));
        Assert.Equal(7u, frame.Transaction);
        Assert.Equal("a@b.test"u8, frame.Address);
        Assert.Equal("id"u8, frame.EnvelopeId);
        Assert.Equal(ReturnContent.Full, frame.Return);
        Assert.Equal(BodyType.EightBitMime, frame.Body);
        Assert.Equal(Handling.SmtpUtf8 | Handling.TlsOptional, frame.Handling);
        Assert.Equal(5u, frame.Release);
        Assert.Equal(16, frame.Client.Length);
    }

    [Fact]
    public void MailboxRecipientFrame_ComesBackAsItWas()
    {
        var payload = Encode(new MailboxRecipientFrame
        {
            Delivery = 3,
            Recipient = 9,
            Kind = MailboxKind.Postmaster,
            Folder = "a.test/u"u8,
            Address = "u+x@a.test"u8,
        });
        var reader = new FrameReader(payload);
        Assert.True(MailboxRecipientFrame.TryRead(ref reader, out var frame));
        Assert.Equal((3u, 9u, MailboxKind.Postmaster), (frame.Delivery, frame.Recipient, frame.Kind));
        Assert.Equal("a.test/u"u8, frame.Folder);
        Assert.Equal("u+x@a.test"u8, frame.Address);
        for (var length = 0; length < payload.Length; length++)
        {
            reader = new FrameReader(payload.AsSpan(0, length));
            Assert.False(MailboxRecipientFrame.TryRead(ref reader, out _), $"cut at {length}");
        }
    }

    [Fact]
    public void ResultFrame_TellsTheResult()
    {
        var result = new DeliveryResult(DeliveryOutcome.Permanent, EnhancedStatus.RoutingLoop, FaultOf.Peer, "no"u8, "mx.b.test"u8);
        var reader = new FrameReader(Encode(RecipientResultFrame.Of(3, 9, result)));
        Assert.True(RecipientResultFrame.TryRead(ref reader, out var frame));
        Assert.Equal((3u, 9u, 5_004_006u), (frame.Delivery, frame.Recipient, frame.Status));
        Assert.Equal((DeliveryOutcome.Permanent, FaultOf.Peer), (frame.Outcome, frame.Fault));
        Assert.Equal("no"u8, frame.Text);
        Assert.Equal("mx.b.test"u8, frame.Host);
    }

    [Fact]
    public void FrameCutAnywhere_IsRefused()
    {
        var payload = Encode(Sender());
        for (var length = 0; length < payload.Length; length++)
        {
            var reader = new FrameReader(payload.AsSpan(0, length));
            Assert.False(SenderFrame.TryRead(ref reader, out _), $"cut at {length}");
        }
    }

    [Fact]
    public void FrameWithASurplusByte_IsRefused()
    {
        byte[] payload = [.. Encode(Sender()), 0];
        var reader = new FrameReader(payload);
        Assert.False(SenderFrame.TryRead(ref reader, out _));
    }

    [Fact]
    public void EnumBeyondItsLastValue_IsRefused()
    {
        var reader = new FrameReader([9]);
        Assert.Equal(0, reader.ByteUpTo(8));
        Assert.False(reader.End());
    }

    [Fact]
    public void FlagThatIsNeitherYesNorNo_IsRefused()
    {
        var reader = new FrameReader([2]);
        _ = reader.Flag();
        Assert.False(reader.End());
    }

    [Fact]
    public void StringLongerThanItsMaximum_IsRefused()
    {
        var queue = new ByteQueue();
        FrameWriter.Fields(queue).Bytes("12345"u8);
        var reader = new FrameReader(queue.Span);
        Assert.True(reader.Bytes(4).IsEmpty);
        Assert.False(reader.End());
    }

    [Fact]
    public void TextWithAControlByte_IsRefused()
    {
        var queue = new ByteQueue();
        FrameWriter.Fields(queue).Bytes("a\nb"u8);
        var reader = new FrameReader(queue.Span);
        _ = reader.Text(10);
        Assert.False(reader.End());
    }

    [Fact]
    public void EveryOutcome_PassesInAResult()
    {
        foreach (var outcome in Enum.GetValues<DeliveryOutcome>())
        {
            var payload = Encode(new RecipientResultFrame
            {
                Delivery = 1,
                Recipient = 2,
                Outcome = outcome,
                Fault = FaultOf.Peer,
                Status = 5_001_001,
                Host = default,
                Text = "no"u8,
            });
            var reader = new FrameReader(payload);
            Assert.True(RecipientResultFrame.TryRead(ref reader, out var frame), outcome.ToString());
            Assert.Equal(outcome, frame.Outcome);
        }
    }

    private static SenderFrame Sender() => new()
    {
        Transaction = 7,
        Address = "a@b.test"u8,
        EnvelopeId = "id"u8,
        Return = ReturnContent.Full,
        Body = BodyType.EightBitMime,
        Handling = Handling.SmtpUtf8 | Handling.TlsOptional,
        Release = 5,
        Protocol = MailProtocol.Esmtp,
        Client = new byte[16],
    };

    private static byte[] Encode<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        var queue = new ByteQueue();
        frame.Write(FrameWriter.Fields(queue));
        return queue.Span.ToArray();
    }
}
