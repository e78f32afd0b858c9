using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>local → directory: where does mail for this address go?</summary>
public readonly ref struct MeaningQuestionFrame : IFrame<MeaningQuestionFrame>
{
    public static ushort Type => 62;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>The address.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>True: a mailbox or nothing, aliases are not looked at again.</summary>
    public required bool Final { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Bytes(Address);
        writer.Flag(Final);
    }

    public static bool TryRead(ref FrameReader reader, out MeaningQuestionFrame frame)
    {
        frame = new MeaningQuestionFrame
        {
            Question = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
            Final = reader.Flag(),
        };
        return reader.End();
    }
}
