using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>queue → postern: the answer is complete.</summary>
public readonly record struct RequestEndFrame : IFrame<RequestEndFrame>
{
    public static ushort Type => 85;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>False when there is no such message.</summary>
    public required bool Found { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.Flag(Found);
    }

    public static bool TryRead(ref FrameReader reader, out RequestEndFrame frame)
    {
        frame = new RequestEndFrame
        {
            Request = reader.UInt32(),
            Found = reader.Flag(),
        };
        return reader.End();
    }
}
