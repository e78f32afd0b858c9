namespace Postern.Text;

/// <summary>An address in brackets, as it stands for a domain or a client: "[192.0.2.1]", "[IPv6:2001:db8::1]"
/// (RFC 5321 §4.1.3).</summary>
public static class AddressLiteral
{
    /// <summary>The longest text that <see cref="Write"/> makes.</summary>
    public const int MaxText = IpAddress.MaxText + 7;

    private static ReadOnlySpan<byte> Tag => "IPv6:"u8;

    /// <summary>Reads a literal, brackets included. No tag but IPv6 is registered, so no other is taken.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length < 2 || text[0] != '[' || text[^1] != ']') return false;
        text = text[1..^1];
        if (Ascii.StartsWithIgnoreCase(text, Tag))
        {
            text = text[Tag.Length..];
            return text.Length <= IpAddressText.MaxInput && IpAddressText.TryParseIPv6(text, minZeroGroups: 2, out address);
        }
        if (!IpAddressText.TryParseIPv4(text, out uint value)) return false;
        address = IpAddress.FromIPv4(value);
        return true;
    }

    /// <summary>Writes the literal, brackets included.</summary>
    /// <param name="address">The address.</param>
    /// <param name="output">At least <see cref="MaxText"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(IpAddress address, Span<byte> output)
    {
        int at = 0;
        output[at++] = (byte)'[';
        if (!address.IsIPv4)
        {
            Tag.CopyTo(output[at..]);
            at += Tag.Length;
        }
        at += address.Write(output[at..]);
        output[at++] = (byte)']';
        return at;
    }
}
