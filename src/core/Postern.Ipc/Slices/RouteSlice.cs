using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>queue: where mail for a domain goes instead of its MX.</summary>
public readonly record struct RouteSlice : IFrame<RouteSlice>
{
    public static ushort Type => 131;

    /// <summary>A domain, *.suffix, or *.</summary>
    public required string Pattern { get; init; }

    /// <summary>Neither Local nor Exchangers.</summary>
    public required HopKind Hop { get; init; }

    /// <summary>The host name, address, or socket path.</summary>
    public required string Destination { get; init; }

    /// <summary>The port; 0 for a socket.</summary>
    public required ushort Port { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Pattern);
        writer.Byte((byte)Hop);
        writer.Text(Destination);
        writer.UInt16(Port);
    }

    public static bool TryRead(ref FrameReader reader, out RouteSlice frame)
    {
        frame = new RouteSlice
        {
            Pattern = reader.Text(SliceLimits.MaxDomain),
            Hop = (HopKind)reader.ByteUpTo((byte)HopKind.TlsHost),
            Destination = reader.Text(DeliveryLimits.MaxDestination),
            Port = reader.UInt16(),
        };
        return reader.End();
    }
}
