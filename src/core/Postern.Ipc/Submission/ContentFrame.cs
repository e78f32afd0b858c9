using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>Either way: a piece of a message, in order.</summary>
public readonly ref struct ContentFrame : IFrame<ContentFrame>
{
    public static ushort Type => 13;

    /// <summary>The transaction, delivery or notice that it belongs to.</summary>
    public required uint Transaction { get; init; }

    /// <summary>The piece; at most 64 KiB.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
        writer.Rest(Bytes);
    }

    public static bool TryRead(ref FrameReader reader, out ContentFrame frame)
    {
        frame = new ContentFrame
        {
            Transaction = reader.UInt32(),
            Bytes = reader.Rest(FrameLimits.MaxContent),
        };
        return reader.End();
    }
}
