using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>smtpd → directory: may mail for this address be taken?</summary>
public readonly ref struct AddressQuestionFrame : IFrame<AddressQuestionFrame>
{
    public static ushort Type => 60;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>The address.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Bytes(Address);
    }

    public static bool TryRead(ref FrameReader reader, out AddressQuestionFrame frame)
    {
        frame = new AddressQuestionFrame
        {
            Question = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
