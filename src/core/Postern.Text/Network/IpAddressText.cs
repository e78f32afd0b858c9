namespace Postern.Text;

/// <summary>The text forms of an address: strict reading, canonical writing.</summary>
internal static class IpAddressText
{
    /// <summary>The longest text read: six groups of four digits, then a dotted quad.</summary>
    public const int MaxInput = 45;

    private const int Groups = 8;

    /// <summary>Reads either family.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length > MaxInput) return false;
        if (text.Contains((byte)':')) return TryParseIPv6(text, 1, out address);
        if (!TryParseIPv4(text, out uint value)) return false;
        address = IpAddress.FromIPv4(value);
        return true;
    }

    /// <summary>Reads four decimal numbers of 0 to 255, none with a leading zero: octal, hexadecimal and shortened forms
    /// mean one address to one reader and another to the next.</summary>
    public static bool TryParseIPv4(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        uint sum = 0;
        for (int part = 0; part < 4; part++)
        {
            int end = part == 3 ? text.Length : text.IndexOf((byte)'.');
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0')) return false;
            if (!DecimalText.TryRead(text[..end], 255, out uint number)) return false;
            sum = (sum << 8) | number;
            text = part == 3 ? default : text[(end + 1)..];
        }
        value = sum;
        return true;
    }

    /// <summary>Reads the forms of RFC 4291 §2.2.</summary>
    /// <param name="text">The address, without brackets and zone.</param>
    /// <param name="minZeroGroups">How many groups "::" must stand for: 1 in RFC 4291, 2 in RFC 5321 §4.1.3.</param>
    /// <param name="address">The address.</param>
    public static bool TryParseIPv6(ReadOnlySpan<byte> text, int minZeroGroups, out IpAddress address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        int count = 0;
        int gap = -1;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            if (!TryReadGroup(text, groups, ref count, out int consumed)) return false;
            text = text[consumed..];
            if (text.IsEmpty) break;
            // What follows a group is ":" and another group, or the one "::".
            if (text[0] != ':' || text.Length == 1) return false;
            text = text[1..];
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            text = text[1..];
        }
        if (gap < 0 ? count != Groups : count > Groups - minZeroGroups) return false;
        address = Assemble(groups[..count], gap < 0 ? count : gap);
        return true;
    }

    /// <summary>Writes the canonical text.</summary>
    public static int Write(IpAddress address, Span<byte> output)
    {
        if (address.IsIPv4) return WriteIPv4(address.IPv4, output);
        int at = 0;
        var (gap, length) = LongestZeroRun(address);
        for (int i = 0; i < Groups; i++)
        {
            if (i == gap)
            {
                output[at++] = (byte)':';
                output[at++] = (byte)':';
                i += length - 1;
                continue;
            }
            if (i > 0 && i != gap + length) output[at++] = (byte)':';
            at += WriteHex(Group(address, i), output[at..]);
        }
        return at;
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> text, Span<ushort> groups, ref int count, out int consumed)
    {
        consumed = 0;
        if (count == Groups) return false;
        int end = text.IndexOf((byte)':');
        if (end < 0 && text.Contains((byte)'.'))
        {
            // A dotted quad takes the place of the last two groups.
            if (count > Groups - 2 || !TryParseIPv4(text, out uint quad)) return false;
            groups[count++] = (ushort)(quad >> 16);
            groups[count++] = (ushort)(quad & 0xffff);
            consumed = text.Length;
            return true;
        }
        consumed = end < 0 ? text.Length : end;
        if (consumed is < 1 or > 4) return false;
        int value = 0;
        foreach (byte digit in text[..consumed])
        {
            int hex = Ascii.HexValue(digit);
            if (hex < 0) return false;
            value = (value << 4) | hex;
        }
        groups[count++] = (ushort)value;
        return true;
    }

    private static IpAddress Assemble(ReadOnlySpan<ushort> groups, int gap)
    {
        ulong high = 0;
        ulong low = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            int place = i < gap ? i : Groups - groups.Length + i;
            ulong group = (ulong)groups[i] << (16 * (3 - (place & 3)));
            if (place < 4) high |= group;
            else low |= group;
        }
        return IpAddress.FromWords(high, low);
    }

    private static ushort Group(IpAddress address, int index)
    {
        ulong half = index < 4 ? address.High : address.Low;
        return (ushort)((half >> (16 * (3 - (index & 3)))) & 0xffff);
    }

    /// <summary>The run of zero groups that "::" replaces: the first of the longest, at least two (RFC 5952 §4.2).</summary>
    private static (int Start, int Length) LongestZeroRun(IpAddress address)
    {
        var best = (Start: -1, Length: 1);
        int length = 0;
        for (int i = 0; i < Groups; i++)
        {
            length = Group(address, i) == 0 ? length + 1 : 0;
            if (length > best.Length) best = (i + 1 - length, length);
        }
        return best.Start < 0 ? (-1, 0) : best;
    }

    private static int WriteIPv4(uint value, Span<byte> output)
    {
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            at += DecimalText.Write((value >> shift) & 0xff, output[at..]);
            if (shift > 0) output[at++] = (byte)'.';
        }
        return at;
    }

    private static int WriteHex(ushort value, Span<byte> output)
    {
        int at = 0;
        for (int shift = 12; shift >= 0; shift -= 4)
        {
            int digit = (value >> shift) & 0xf;
            if (digit == 0 && at == 0 && shift > 0) continue;
            output[at++] = "0123456789abcdef"u8[digit];
        }
        return at;
    }
}
