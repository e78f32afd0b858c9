using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>directory → smtpd: the answer.</summary>
public readonly record struct AddressAnswerFrame : IFrame<AddressAnswerFrame>
{
    public static ushort Type => 61;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>The verdict.</summary>
    public required AddressVerdict Verdict { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Byte((byte)Verdict);
    }

    public static bool TryRead(ref FrameReader reader, out AddressAnswerFrame frame)
    {
        frame = new AddressAnswerFrame
        {
            Question = reader.UInt32(),
            Verdict = (AddressVerdict)reader.ByteUpTo((byte)AddressVerdict.Unavailable),
        };
        return reader.End();
    }
}
