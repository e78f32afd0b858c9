using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>smtpd → queue: that was all; answer when it is on stable storage.</summary>
public readonly record struct CommitFrame : IFrame<CommitFrame>
{
    public static ushort Type => 14;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
    }

    public static bool TryRead(ref FrameReader reader, out CommitFrame frame)
    {
        frame = new CommitFrame
        {
            Transaction = reader.UInt32(),
        };
        return reader.End();
    }
}
