using System.Text;

namespace Postern.Text;

/// <summary>A block of addresses of one family: "10.0.0.0/8", "::1/128", or one address.</summary>
/// <remarks>An IPv6 block never contains an IPv4 address, mapped or not: "::/0" is not everybody.</remarks>
public readonly record struct IpNetwork
{
    /// <summary>The longest text read.</summary>
    public const int MaxText = IpAddressText.MaxInput + 4;

    private const int MappedBits = 96;

    private IpNetwork(IpAddress address, byte prefixBits)
    {
        Address = address;
        PrefixBits = prefixBits;
    }

    /// <summary>The first address.</summary>
    public IpAddress Address { get; }

    /// <summary>How many leading bits are the same, of the address's own 32 or 128.</summary>
    public int PrefixLength => Address.IsIPv4 ? PrefixBits - MappedBits : PrefixBits;

    /// <summary>How many leading bits are the same, of 128.</summary>
    internal byte PrefixBits { get; }

    /// <summary>Reads ADDRESS or ADDRESS "/" LENGTH. Bits set beyond the length are a mistake, and refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpNetwork network)
    {
        network = default;
        int slash = text.IndexOf((byte)'/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address)) return false;
        uint bits = 128;
        if (slash >= 0)
        {
            var digits = text[(slash + 1)..];
            if (digits.Length > 3 || (digits.Length > 1 && digits[0] == '0')) return false;
            // A mapped address in IPv6 notation counts its bits from the front of all 128.
            bool dotted = !text[..slash].Contains((byte)':');
            if (!DecimalText.TryRead(digits, dotted ? 32u : 128u, out bits)) return false;
            if (dotted) bits += MappedBits;
            else if (address.IsIPv4 && bits < MappedBits) return false;
        }
        var (high, low) = Mask((int)bits);
        if ((address.High & ~high) != 0 || (address.Low & ~low) != 0) return false;
        network = new IpNetwork(address, (byte)bits);
        return true;
    }

    /// <summary>Makes a block of its first address and the number of leading bits, of 128, that are the same.</summary>
    /// <returns>False when there are no such bits, or when bits beyond them are set.</returns>
    public static bool TryCreate(IpAddress first, int prefixBits, out IpNetwork network)
    {
        network = default;
        if (prefixBits is < 0 or > 128 || (first.IsIPv4 && prefixBits < MappedBits)) return false;
        var (high, low) = Mask(prefixBits);
        if ((first.High & ~high) != 0 || (first.Low & ~low) != 0) return false;
        network = new IpNetwork(first, (byte)prefixBits);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out IpNetwork)"/>
    public static bool TryParse(string text, out IpNetwork network)
    {
        network = default;
        Span<byte> bytes = stackalloc byte[MaxText];
        return text.Length <= bytes.Length && System.Text.Ascii.FromUtf16(text, bytes, out int length) == System.Buffers.OperationStatus.Done
            && TryParse(bytes[..length], out network);
    }

    /// <summary>True when the address is in the block and of its family.</summary>
    public bool Contains(IpAddress address)
    {
        if (address.IsIPv4 != Address.IsIPv4) return false;
        var (high, low) = Mask(PrefixBits);
        return (address.High & high) == Address.High && (address.Low & low) == Address.Low;
    }

    /// <summary>The first address, a slash, the prefix length.</summary>
    public override string ToString() => $"{Address}/{PrefixLength}";

    internal static IpNetwork Of(string text) =>
        TryParse(Encoding.ASCII.GetBytes(text), out var network) ? network : throw new ArgumentException(text, nameof(text));

    private static (ulong High, ulong Low) Mask(int bits) => (Leading(Math.Min(bits, 64)), Leading(Math.Max(bits - 64, 0)));

    private static ulong Leading(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}
