using System.Buffers.Binary;
using System.Text;

namespace Postern.Text;

/// <summary>An IPv4 or IPv6 address: 16 bytes, IPv4 in its mapped form ::ffff:a.b.c.d.</summary>
/// <remarks>
/// One form for both families makes a dual-stack socket's view of an IPv4 peer and the IPv4 address itself the same
/// value, so that no list of addresses can be walked around by writing one as the other.
/// </remarks>
public readonly record struct IpAddress
{
    /// <summary>The longest text that <see cref="Write"/> makes: eight groups of four digits.</summary>
    public const int MaxText = 39;

    /// <summary>Bytes of an address.</summary>
    public const int Size = 16;

    private const ulong MappedPrefix = 0xffff_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    private IpAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>127.0.0.1.</summary>
    public static IpAddress Loopback4 { get; } = FromIPv4(0x7f000001);

    /// <summary>::1.</summary>
    public static IpAddress Loopback6 { get; } = new(0, 1);

    /// <summary>True for an IPv4 address, written as such or mapped.</summary>
    public bool IsIPv4 => _high == 0 && (_low & 0xffff_ffff_0000_0000) == MappedPrefix;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => AddressRanges.IsLoopback(this);

    /// <summary>True when a host of the public Internet may have this address; see <see cref="AddressRanges"/>.</summary>
    public bool IsPublic => AddressRanges.IsPublic(this);

    internal ulong High => _high;

    internal ulong Low => _low;

    /// <summary>The IPv4 address as a number, most significant byte first; only for <see cref="IsIPv4"/>.</summary>
    internal uint IPv4 => unchecked((uint)_low);

    /// <summary>Makes an address of 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        Size => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException("An address has 4 or 16 bytes.", nameof(bytes)),
    };

    /// <summary>Reads a dotted quad without leading zeros, or the forms of RFC 4291 §2.2 without a zone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address) => IpAddressText.TryParse(text, out address);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out IpAddress)"/>
    public static bool TryParse(string text, out IpAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[IpAddressText.MaxInput];
        return text.Length <= bytes.Length && System.Text.Ascii.FromUtf16(text, bytes, out int length) == System.Buffers.OperationStatus.Done
            && TryParse(bytes[..length], out address);
    }

    /// <summary>Writes the 16 bytes in network order.</summary>
    /// <param name="output">At least <see cref="Size"/> bytes.</param>
    public void CopyTo(Span<byte> output)
    {
        BinaryPrimitives.WriteUInt64BigEndian(output, _high);
        BinaryPrimitives.WriteUInt64BigEndian(output[8..], _low);
    }

    /// <summary>Writes the text of <see cref="ToString"/>.</summary>
    /// <param name="output">At least <see cref="MaxText"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public int Write(Span<byte> output) => IpAddressText.Write(this, output);

    /// <summary>A dotted quad, or IPv6 as RFC 5952 §4 wants it.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxText];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    internal static IpAddress FromIPv4(uint value) => new(0, MappedPrefix | value);

    internal static IpAddress FromWords(ulong high, ulong low) => new(high, low);
}
