using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>smtpd → queue: forget it.</summary>
public readonly record struct AbortFrame : IFrame<AbortFrame>
{
    public static ushort Type => 15;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
    }

    public static bool TryRead(ref FrameReader reader, out AbortFrame frame)
    {
        frame = new AbortFrame
        {
            Transaction = reader.UInt32(),
        };
        return reader.End();
    }
}
