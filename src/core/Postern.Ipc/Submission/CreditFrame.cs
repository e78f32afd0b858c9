using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>Receiver of content → its sender: this many more bytes may be under way.</summary>
public readonly record struct CreditFrame : IFrame<CreditFrame>
{
    public static ushort Type => 22;

    /// <summary>The transaction or delivery.</summary>
    public required uint Transaction { get; init; }

    /// <summary>How many more.</summary>
    public required uint Bytes { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
        writer.UInt32(Bytes);
    }

    public static bool TryRead(ref FrameReader reader, out CreditFrame frame)
    {
        frame = new CreditFrame
        {
            Transaction = reader.UInt32(),
            Bytes = reader.UInt32(),
        };
        return reader.End();
    }
}
