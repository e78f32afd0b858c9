using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>tls: where a certificate and its key are; the first is for clients that ask for no name or for none of ours.</summary>
public readonly record struct CertificateSlice : IFrame<CertificateSlice>
{
    public static ushort Type => 181;

    /// <summary>The file with the server's certificate and those that vouch for it, absolute.</summary>
    public required string Chain { get; init; }

    /// <summary>The file with its private key, absolute; may be the same.</summary>
    public required string Key { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Chain);
        writer.Text(Key);
    }

    public static bool TryRead(ref FrameReader reader, out CertificateSlice frame)
    {
        frame = new CertificateSlice
        {
            Chain = reader.Text(SliceLimits.MaxFile),
            Key = reader.Text(SliceLimits.MaxFile),
        };
        return reader.End();
    }
}
