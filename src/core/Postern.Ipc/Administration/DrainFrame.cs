using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>postern → queue: stop or resume taking new messages.</summary>
public readonly record struct DrainFrame : IFrame<DrainFrame>
{
    public static ushort Type => 88;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>True stops.</summary>
    public required bool On { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.Flag(On);
    }

    public static bool TryRead(ref FrameReader reader, out DrainFrame frame)
    {
        frame = new DrainFrame
        {
            Request = reader.UInt32(),
            On = reader.Flag(),
        };
        return reader.End();
    }
}
