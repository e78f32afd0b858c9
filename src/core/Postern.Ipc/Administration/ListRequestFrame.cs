using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>postern → queue: list what is queued.</summary>
public readonly record struct ListRequestFrame : IFrame<ListRequestFrame>
{
    public static ushort Type => 82;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>Only recipients with this text in their address or their sender's; empty lists all.</summary>
    public required string Filter { get; init; }

    /// <summary>Which recipients.</summary>
    public required Selection Of { get; init; }

    /// <summary>How many messages at most, each with all of its recipients that are meant.</summary>
    public required uint Limit { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.Text(Filter);
        Of.Write(writer);
        writer.UInt32(Limit);
    }

    public static bool TryRead(ref FrameReader reader, out ListRequestFrame frame)
    {
        frame = new ListRequestFrame
        {
            Request = reader.UInt32(),
            Filter = reader.Text(AdministrationLimits.MaxFilter),
            Of = Selection.Read(ref reader),
            Limit = reader.UInt32(),
        };
        return reader.End();
    }
}
