using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>remote: a name server to ask.</summary>
public readonly ref struct ResolverSlice : IFrame<ResolverSlice>
{
    public static ushort Type => 141;

    /// <summary>Its address, 16 bytes.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>Its port.</summary>
    public required ushort Port { get; init; }

    /// <summary>True when its word that it verified an answer is believed, wherever it is.</summary>
    public required bool IsTrusted { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Bytes(Address);
        writer.UInt16(Port);
        writer.Flag(IsTrusted);
    }

    public static bool TryRead(ref FrameReader reader, out ResolverSlice frame)
    {
        frame = new ResolverSlice
        {
            Address = reader.Bytes(16),
            Port = reader.UInt16(),
            IsTrusted = reader.Flag(),
        };
        return reader.End();
    }
}
