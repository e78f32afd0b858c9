using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>queue → smtpd: the id of the message that is coming; it is never issued again.</summary>
public readonly record struct MessageOpenedFrame : IFrame<MessageOpenedFrame>
{
    public static ushort Type => 20;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    /// <summary>The id.</summary>
    public required ulong Message { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
        writer.UInt64(Message);
    }

    public static bool TryRead(ref FrameReader reader, out MessageOpenedFrame frame)
    {
        frame = new MessageOpenedFrame
        {
            Transaction = reader.UInt32(),
            Message = reader.UInt64(),
        };
        return reader.End();
    }
}
