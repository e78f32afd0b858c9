using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>smtpd: how much a user who has logged in may send (0 is no limit), and what is told of her.</summary>
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

    /// <summary>True when the trace line of her messages does not say where she is.</summary>
    public required bool HidesClient { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(MessagesPerHour);
        writer.UInt32(MessagesPerDay);
        writer.UInt32(RecipientsPerHour);
        writer.UInt32(RecipientsPerDay);
        writer.Flag(HidesClient);
    }

    public static bool TryRead(ref FrameReader reader, out SendingSlice frame)
    {
        frame = new SendingSlice
        {
            MessagesPerHour = reader.UInt32(),
            MessagesPerDay = reader.UInt32(),
            RecipientsPerHour = reader.UInt32(),
            RecipientsPerDay = reader.UInt32(),
            HidesClient = reader.Flag(),
        };
        return reader.End();
    }
}
