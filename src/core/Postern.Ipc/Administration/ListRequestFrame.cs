using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>postern → queue: list what is queued.</summary>
public readonly record struct ListRequestFrame : IFrame<ListRequestFrame>
{
    public static ushort Type => 82;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>Only messages with this text in sender or recipient; empty lists all.</summary>
    public required string Filter { get; init; }

    /// <summary>How many at most.</summary>
    public required uint Limit { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.Text(Filter);
        writer.UInt32(Limit);
    }

    public static bool TryRead(ref FrameReader reader, out ListRequestFrame frame)
    {
        frame = new ListRequestFrame
        {
            Request = reader.UInt32(),
            Filter = reader.Text(AdministrationLimits.MaxFilter),
            Limit = reader.UInt32(),
        };
        return reader.End();
    }
}
