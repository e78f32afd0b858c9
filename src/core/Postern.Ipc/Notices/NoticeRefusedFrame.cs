using Postern.Ipc.Wire;

namespace Postern.Ipc.Notices;

/// <summary>bounce → queue: this can’t be composed; the queue tries again later.</summary>
public readonly record struct NoticeRefusedFrame : IFrame<NoticeRefusedFrame>
{
    public static ushort Type => 52;

    /// <summary>The queue's number for this notification.</summary>
    public required uint Notice { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Notice);
    }

    public static bool TryRead(ref FrameReader reader, out NoticeRefusedFrame frame)
    {
        frame = new NoticeRefusedFrame
        {
            Notice = reader.UInt32(),
        };
        return reader.End();
    }
}
