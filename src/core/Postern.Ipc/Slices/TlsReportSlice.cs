using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>remote: who sends reports about TLS (RFC 8460); without it none are sent.</summary>
public readonly ref struct TlsReportSlice : IFrame<TlsReportSlice>
{
    /// <summary>The longest organization, in bytes. Arbitrary.</summary>
    public const int MaxOrganization = 200;

    /// <summary>The longest address or other contact, in bytes (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxContact = 254;

    public static ushort Type => 144;

    /// <summary>The sender's address.</summary>
    public required string From { get; init; }

    /// <summary>Whose server this is, in UTF-8.</summary>
    public required ReadOnlySpan<byte> Organization { get; init; }

    /// <summary>Whom to ask about reports.</summary>
    public required string Contact { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(From);
        writer.Bytes(Organization);
        writer.Text(Contact);
    }

    public static bool TryRead(ref FrameReader reader, out TlsReportSlice frame)
    {
        frame = new TlsReportSlice
        {
            From = reader.Text(MaxContact),
            Organization = reader.Bytes(MaxOrganization),
            Contact = reader.Text(MaxContact),
        };
        return reader.End();
    }
}
