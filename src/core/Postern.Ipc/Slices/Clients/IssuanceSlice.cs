using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>tls: that it is to have certificates made, and where it keeps them. No such frame: it is not.</summary>
public readonly record struct IssuanceSlice : IFrame<IssuanceSlice>
{
    /// <summary>Names in one certificate: what authorities take.</summary>
    public const int MaxNames = 100;

    public static ushort Type => 182;

    /// <summary>Its own folder, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Where in it the certificate is, with its key; once there is one.</summary>
    public string CertificateFile => $"{Folder}/certificate.pem";

    /// <summary>The address that the authority may write to; empty for none.</summary>
    public required string Contact { get; init; }

    /// <summary>The names that a certificate is to be for.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Folder);
        writer.Text(Contact);
        writer.UInt32((uint)Names.Count);
        foreach (var name in Names)
        {
            writer.Text(name);
        }
    }

    public static bool TryRead(ref FrameReader reader, out IssuanceSlice frame)
    {
        var (folder, contact) = (reader.Text(SupervisorSlice.MaxPath), reader.Text(AddressLimits.MaxAddress));
        var names = new string[reader.Count(MaxNames)];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.Text(SliceLimits.MaxDomain);
        }

        frame = new IssuanceSlice { Folder = folder, Contact = contact, Names = names };
        return reader.End() && names.Length > 0;
    }
}
