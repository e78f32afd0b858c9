namespace Postern.Text;

/// <summary>Where a client comes from: an IPv4 address, or an IPv6 /64, since whoever has one of its addresses has all of them.</summary>
public readonly record struct ClientNetwork
{
    private readonly IpAddress _first;

    // Bytes of an IPv6 address that a customer can't choose: those of a subnet, and of what he may be given whole.
    private const int SubnetBytes = 8, SiteBytes = 6;

    // And of an IPv4 address, behind twelve that say that it is one: a provider's customers change within.
    private const int PlaceBytes = 12 + 3;

    /// <summary>The network of an address.</summary>
    public ClientNetwork(IpAddress address) => _first = address.IsIPv4 ? address : FirstOf(address, SubnetBytes);

    /// <summary>The first /64 of the /48 that an IPv6 network is in; null for an IPv4 address.</summary>
    public ClientNetwork? Site => _first.IsIPv4 ? null : new ClientNetwork(FirstOf(_first, SiteBytes));

    /// <summary>What people take for one place: an IPv4 /24, or an IPv6 /48.</summary>
    public ClientNetwork Place => new(FirstOf(_first, _first.IsIPv4 ? PlaceBytes : SiteBytes));

    /// <summary>Under a key: clients choose their addresses.</summary>
    public override int GetHashCode()
    {
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        _first.CopyTo(bytes);
        return KeyedHash.Of(bytes);
    }

    private static IpAddress FirstOf(IpAddress address, int prefix)
    {
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        address.CopyTo(bytes);
        bytes[prefix..].Clear();
        return IpAddress.FromBytes(bytes);
    }

    /// <summary>The address, or the first one with its prefix.</summary>
    public override string ToString() => _first.IsIPv4 ? $"{_first}" : $"{_first}/64";
}
