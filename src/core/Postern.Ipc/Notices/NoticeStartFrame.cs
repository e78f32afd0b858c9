using Postern.Ipc.Wire;

namespace Postern.Ipc.Notices;

/// <summary>queue → bounce: compose a notification.</summary>
public readonly ref struct NoticeStartFrame : IFrame<NoticeStartFrame>
{
    public static ushort Type => 50;

    /// <summary>The queue's number for this notification.</summary>
    public required uint Notice { get; init; }

    /// <summary>The message that it is about.</summary>
    public required ulong Message { get; init; }

    /// <summary>The id of the notification itself.</summary>
    public required ulong Own { get; init; }

    /// <summary>The sender, whom it goes to; empty when the message has none, and this host's postmaster hears of it instead.</summary>
    public required ReadOnlySpan<byte> To { get; init; }

    /// <summary>The ENVID of the message, or empty.</summary>
    public required ReadOnlySpan<byte> EnvelopeId { get; init; }

    /// <summary>When the message arrived, in Unix seconds.</summary>
    public required long Arrived { get; init; }

    /// <summary>When the event happened, in Unix seconds.</summary>
    public required long Now { get; init; }

    /// <summary>True when the content that follows is the whole message, not only its header.</summary>
    public required bool Full { get; init; }

    /// <summary>True when the message needs SMTPUTF8.</summary>
    public required bool SmtpUtf8 { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Notice);
        writer.UInt64(Message);
        writer.UInt64(Own);
        writer.Bytes(To);
        writer.Bytes(EnvelopeId);
        writer.Int64(Arrived);
        writer.Int64(Now);
        writer.Flag(Full);
        writer.Flag(SmtpUtf8);
    }

    public static bool TryRead(ref FrameReader reader, out NoticeStartFrame frame)
    {
        frame = new NoticeStartFrame
        {
            Notice = reader.UInt32(),
            Message = reader.UInt64(),
            Own = reader.UInt64(),
            To = reader.Bytes(AddressLimits.MaxAddress),
            EnvelopeId = reader.Bytes(AddressLimits.MaxEnvelopeId),
            Arrived = reader.Int64(),
            Now = reader.Int64(),
            Full = reader.Flag(),
            SmtpUtf8 = reader.Flag(),
        };
        return reader.End();
    }
}
