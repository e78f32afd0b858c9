using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>queue → smtpd: what became of a message; the transaction is over.</summary>
public readonly record struct SubmissionAnswerFrame : IFrame<SubmissionAnswerFrame>
{
    public static ushort Type => 21;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    /// <summary>What became of it.</summary>
    public required SubmissionOutcome Outcome { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
        writer.Byte((byte)Outcome);
    }

    public static bool TryRead(ref FrameReader reader, out SubmissionAnswerFrame frame)
    {
        frame = new SubmissionAnswerFrame
        {
            Transaction = reader.UInt32(),
            Outcome = (SubmissionOutcome)reader.ByteUpTo((byte)SubmissionOutcome.Unknown),
        };
        return reader.End();
    }
}
