using Postern.Text;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>The address blocks of SPF, in which bits beyond the length may be set ("192.0.2.1/24", RFC 7208 §5.6).</summary>
internal static class AddressBlock
{
    /// <summary>True when the text is a block and the address is in it.</summary>
    internal static bool Contains(ReadOnlySpan<byte> text, IpAddress address)
    {
        var slash = text.IndexOf((byte)'/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var block) || block.IsIPv4 != address.IsIPv4)
        {
            return false;
        }

        var width = block.IsIPv4 ? 32u : 128u;
        var length = width;
        if (slash >= 0 && !DecimalText.TryRead(text[(slash + 1)..], width, out length))
        {
            return false;
        }

        Span<byte> ours = stackalloc byte[IpAddress.Size], theirs = stackalloc byte[IpAddress.Size];
        address.CopyTo(ours);
        block.CopyTo(theirs);
        // IPv4 addresses are the last 32 of the 128 bits.
        for (var bit = 128 - (int)width; bit < 128 - (int)width + (int)length; bit++)
        {
            if (((ours[bit / 8] ^ theirs[bit / 8]) >> (7 - (bit % 8)) & 1) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
