using Postern.Text;

namespace Postern.Sasl;

/// <summary>Where somebody who logs in comes from: an IPv4 address, or an IPv6 /64, since whoever has one of its addresses has all of them.</summary>
public readonly record struct ClientNetwork
{
    private readonly IpAddress _first;

    /// <summary>The network of an address.</summary>
    public ClientNetwork(IpAddress address)
    {
        _first = address;
        if (address.IsIPv4) return;
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        address.CopyTo(bytes);
        bytes[8..].Clear();
        _first = IpAddress.FromBytes(bytes);
    }

    /// <summary>Under a key: clients choose their addresses.</summary>
    public override int GetHashCode()
    {
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        _first.CopyTo(bytes);
        return KeyedHash.Of(bytes);
    }

    /// <summary>The address, or the first one with its prefix.</summary>
    public override string ToString() => _first.IsIPv4 ? $"{_first}" : $"{_first}/64";
}
