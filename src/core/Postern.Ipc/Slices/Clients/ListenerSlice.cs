using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>smtpd: which service a listening address serves.</summary>
public readonly ref struct ListenerSlice : IFrame<ListenerSlice>
{
    public static ushort Type => 111;

    /// <summary>The address, 16 bytes.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>The port.</summary>
    public required ushort Port { get; init; }

    /// <summary>What is spoken there.</summary>
    public required ServiceKind Service { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Bytes(Address);
        writer.UInt16(Port);
        writer.Byte((byte)Service);
    }

    public static bool TryRead(ref FrameReader reader, out ListenerSlice frame)
    {
        frame = new ListenerSlice
        {
            Address = reader.Bytes(16),
            Port = reader.UInt16(),
            Service = (ServiceKind)reader.ByteUpTo((byte)ServiceKind.Lmtp),
        };
        return reader.End();
    }
}
