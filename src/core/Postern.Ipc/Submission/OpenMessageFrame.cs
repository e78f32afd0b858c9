using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>smtpd or a local submitter → queue: a message is coming; give it an id.</summary>
public readonly record struct OpenMessageFrame : IFrame<OpenMessageFrame>
{
    public static ushort Type => 10;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
    }

    public static bool TryRead(ref FrameReader reader, out OpenMessageFrame frame)
    {
        frame = new OpenMessageFrame
        {
            Transaction = reader.UInt32(),
        };
        return reader.End();
    }
}
