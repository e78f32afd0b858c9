using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>directory → local: that was all.</summary>
public readonly record struct MeaningEndFrame : IFrame<MeaningEndFrame>
{
    public static ushort Type => 65;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>How it went.</summary>
    public required MeaningOutcome Outcome { get; init; }

    /// <summary>True when the targets are a list of several.</summary>
    public required bool List { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Byte((byte)Outcome);
        writer.Flag(List);
    }

    public static bool TryRead(ref FrameReader reader, out MeaningEndFrame frame)
    {
        frame = new MeaningEndFrame
        {
            Question = reader.UInt32(),
            Outcome = (MeaningOutcome)reader.ByteUpTo((byte)MeaningOutcome.Literal),
            List = reader.Flag(),
        };
        return reader.End();
    }
}
