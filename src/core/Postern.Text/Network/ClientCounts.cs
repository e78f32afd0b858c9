namespace Postern.Text;

/// <summary>How many sessions each client has; an IPv6 client is its /64, since it has all of that.</summary>
public sealed class ClientCounts
{
    private readonly Dictionary<IpAddress, int> _counts = new(KeyedComparer.Instance);

    /// <summary>Clients with a session.</summary>
    public int Count => _counts.Count;

    /// <summary>The sessions of a client.</summary>
    public int CountOf(IpAddress client) => _counts.GetValueOrDefault(KeyOf(client));

    /// <summary>One more.</summary>
    public void Add(IpAddress client)
    {
        var key = KeyOf(client);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    /// <summary>One less; a client without sessions is forgotten.</summary>
    public void Remove(IpAddress client)
    {
        var key = KeyOf(client);
        var left = _counts.GetValueOrDefault(key) - 1;
        if (left > 0) _counts[key] = left;
        else _counts.Remove(key);
    }

    private static IpAddress KeyOf(IpAddress client)
    {
        if (client.IsIPv4) return client;
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        client.CopyTo(bytes);
        bytes[8..].Clear();
        return IpAddress.FromBytes(bytes);
    }

    /// <summary>Hashes under a key: clients choose their addresses.</summary>
    private sealed class KeyedComparer : IEqualityComparer<IpAddress>
    {
        internal static readonly KeyedComparer Instance = new();

        public bool Equals(IpAddress x, IpAddress y) => x == y;

        public int GetHashCode(IpAddress obj)
        {
            Span<byte> bytes = stackalloc byte[IpAddress.Size];
            obj.CopyTo(bytes);
            return KeyedHash.Of(bytes);
        }
    }
}
