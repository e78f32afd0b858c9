using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>queue → smtpd: whether new messages are taken, so that MAIL can be answered without asking.</summary>
public readonly record struct QueueStateFrame : IFrame<QueueStateFrame>
{
    public static ushort Type => 23;

    /// <summary>The condition.</summary>
    public required QueueCondition Condition { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Byte((byte)Condition);
    }

    public static bool TryRead(ref FrameReader reader, out QueueStateFrame frame)
    {
        frame = new QueueStateFrame
        {
            Condition = (QueueCondition)reader.ByteUpTo((byte)QueueCondition.Draining),
        };
        return reader.End();
    }
}
