using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>directory: a virtual mailbox.</summary>
public readonly ref struct MailboxSlice : IFrame<MailboxSlice>
{
    public static ushort Type => 122;

    /// <summary>Its address.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Bytes(Address);
    }

    public static bool TryRead(ref FrameReader reader, out MailboxSlice frame)
    {
        frame = new MailboxSlice
        {
            Address = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
