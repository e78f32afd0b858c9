using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>tls’s first slice frame.</summary>
public readonly record struct TlsSlice : IFrame<TlsSlice>
{
    public static ushort Type => 180;

    /// <summary>The name of this server, for a certificate of its own making.</summary>
    public required string HostName { get; init; }

    /// <summary>True when those who submit mail are asked for a certificate; they need not have one.</summary>
    public required bool AsksForCertificate { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.Flag(AsksForCertificate);
    }

    public static bool TryRead(ref FrameReader reader, out TlsSlice frame)
    {
        frame = new TlsSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            AsksForCertificate = reader.Flag(),
        };
        return reader.End();
    }
}
