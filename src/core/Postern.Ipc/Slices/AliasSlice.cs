using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>directory: one target of an alias; the same key comes again for each further target.</summary>
public readonly ref struct AliasSlice : IFrame<AliasSlice>
{
    public static ushort Type => 123;

    /// <summary>local@domain, @domain for a catch-all, or a bare local part for every own domain.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>An address, or a bare local part of the same domain.</summary>
    public required ReadOnlySpan<byte> Target { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Bytes(Key);
        writer.Bytes(Target);
    }

    public static bool TryRead(ref FrameReader reader, out AliasSlice frame)
    {
        frame = new AliasSlice
        {
            Key = reader.Bytes(AddressLimits.MaxAddress),
            Target = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
