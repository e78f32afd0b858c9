using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>acme’s first slice frame; name servers follow.</summary>
public readonly record struct AcmeSlice : IFrame<AcmeSlice>
{
    /// <summary>The longest address of a directory. Arbitrary.</summary>
    public const int MaxDirectory = 1024;

    public static ushort Type => 200;

    /// <summary>Where the authority says what it has (RFC 8555 §7.1.1): an address of HTTPS.</summary>
    public required string Directory { get; init; }

    /// <summary>The file of authorities that may vouch for that server.</summary>
    public required string Authorities { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Directory);
        writer.Text(Authorities);
    }

    public static bool TryRead(ref FrameReader reader, out AcmeSlice frame)
    {
        frame = new AcmeSlice { Directory = reader.Text(MaxDirectory), Authorities = reader.Text(SliceLimits.MaxFile) };
        return reader.End();
    }
}
