using System.Diagnostics.CodeAnalysis;
using Postern.Text;

namespace Postern.Dns.Wire;

/// <summary>A domain name in wire form: length-prefixed labels up to the empty root label, compared without ASCII case.</summary>
/// <remarks>
/// Labels that came off the wire may hold any octet (RFC 2181 §11); whoever takes a name for a host asks <see cref="IsHostName"/>.
/// The letter case is kept, because a query carries a random one and the answer must repeat it.
/// </remarks>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Octets of a whole name, length octets and root included (RFC 1035 §2.3.4).</summary>
    public const int MaxWireLength = 255;

    /// <summary>Octets of one label (RFC 1035 §2.3.4).</summary>
    public const int MaxLabelLength = 63;

    private readonly byte[] _wire;

    // The bytes are a complete, valid name; every caller in this assembly has checked them.
    internal DnsName(byte[] wire) => _wire = wire;

    /// <summary>The root, written ".".</summary>
    public static DnsName Root { get; } = new([0]);

    /// <summary>The name as it stands on the wire, uncompressed, with its letter case; 1 to 255 octets.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    public bool IsRoot => _wire.Length == 1;

    /// <summary>
    /// Whether the name can be a host: labels of letters, digits, inner hyphens and underscores, the last one not a number.
    /// </summary>
    /// <remarks>
    /// RFC 1123 §2.1, and underscores because real mail hosts have them. The last rule keeps an IPv4 address that somebody wrote
    /// where a name belongs ("MX 10 192.0.2.1.") from passing as a host.
    /// </remarks>
    public bool IsHostName
    {
        get
        {
            bool lastIsNumber = true;
            for (int at = 0; _wire[at] != 0; at += _wire[at] + 1)
            {
                ReadOnlySpan<byte> label = _wire.AsSpan(at + 1, _wire[at]);
                if (label[0] == '-' || label[^1] == '-' || label.IndexOfAnyExcept(DnsNameText.Allowed) >= 0)
                    return false;
                lastIsNumber = !label.ContainsAnyExceptInRange((byte)'0', (byte)'9');
            }
            return !lastIsNumber;
        }
    }

    /// <summary>Reads "mx.example.org" with or without the final dot; letters, digits, hyphens and underscores only.</summary>
    /// <remarks>No escapes and no octets above 127: a U-label has to be turned into its A-label before (RFC 5890 §2.3.2.1).</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DnsName? name) => DnsNameText.TryParse(text, out name);

    /// <summary>The name below this one whose first label is given, such as "_25._tcp" done twice for RFC 6698 §3.</summary>
    /// <returns>False when the label is empty, too long or holds another octet than a letter, digit, hyphen or underscore,
    /// or when the whole would pass 255 octets.</returns>
    public bool TryPrepend(ReadOnlySpan<byte> label, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (label.Length is 0 or > MaxLabelLength || label.IndexOfAnyExcept(DnsNameText.Allowed) >= 0)
            return false;
        if (_wire.Length + label.Length + 1 > MaxWireLength)
            return false;
        name = new DnsName([(byte)label.Length, .. label, .. _wire]);
        return true;
    }

    /// <summary>The same name in another letter case: bit n of <paramref name="bits"/> decides over the n-th octet on the wire.</summary>
    /// <remarks>draft-vixie-dnsext-dns0x20-00 §2: one more bit per letter that a forger has to guess. Takes 32 octets of bits.</remarks>
    internal DnsName WithLetterCase(ReadOnlySpan<byte> bits)
    {
        byte[] wire = [.. _wire];
        for (int at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            for (int i = at + 1; i <= at + wire[at]; i++)
            {
                byte folded = (byte)(wire[i] | 0x20);
                if (folded is >= (byte)'a' and <= (byte)'z')
                    wire[i] = (bits[i >> 3] >> (i & 7) & 1) == 1 ? (byte)(folded & ~0x20) : folded;
            }
        }
        return new DnsName(wire);
    }

    /// <summary>Whether both are the same name in the same letter case.</summary>
    public bool EqualsWithCase(DnsName? other) => other is not null && _wire.AsSpan().SequenceEqual(other._wire);

    // Length octets are at most 63, below 'A': folding the whole wire form touches letters of labels only (RFC 4343 §3).
    public bool Equals([NotNullWhen(true)] DnsName? other) => other is not null && Ascii.EqualsIgnoreCase(_wire, other._wire);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode() => KeyedHash.IgnoreCase(_wire);

    /// <summary>Printable ASCII without the final dot; other octets, and dots inside labels, as \DDD (RFC 1035 §5.1).</summary>
    public override string ToString() => DnsNameText.Write(_wire);
}
