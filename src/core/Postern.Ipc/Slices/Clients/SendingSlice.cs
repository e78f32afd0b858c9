using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>smtpd: how much a user who has logged in may send; 0 is no limit.</summary>
public readonly record struct SendingSlice : IFrame<SendingSlice>
{
    public static ushort Type => 113;

    /// <summary>Messages within an hour.</summary>
    public required uint MessagesPerHour { get; init; }

    /// <summary>Messages within a day.</summary>
    public required uint MessagesPerDay { get; init; }

    /// <summary>Recipients of all messages within an hour.</summary>
    public required uint RecipientsPerHour { get; init; }

    /// <summary>Recipients of all messages within a day.</summary>
    public required uint RecipientsPerDay { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(MessagesPerHour);
        writer.UInt32(MessagesPerDay);
        writer.UInt32(RecipientsPerHour);
        writer.UInt32(RecipientsPerDay);
    }

    public static bool TryRead(ref FrameReader reader, out SendingSlice frame)
    {
        frame = new SendingSlice
        {
            MessagesPerHour = reader.UInt32(),
            MessagesPerDay = reader.UInt32(),
            RecipientsPerHour = reader.UInt32(),
            RecipientsPerDay = reader.UInt32(),
        };
        return reader.End();
    }
}
