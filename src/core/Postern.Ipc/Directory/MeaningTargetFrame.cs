using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>directory → local: to this address.</summary>
public readonly ref struct MeaningTargetFrame : IFrame<MeaningTargetFrame>
{
    public static ushort Type => 64;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>The address.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Bytes(Address);
    }

    public static bool TryRead(ref FrameReader reader, out MeaningTargetFrame frame)
    {
        frame = new MeaningTargetFrame
        {
            Question = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
