namespace Postern.Text;

/// <summary>How many sessions each client has.</summary>
public sealed class ClientCounts
{
    private readonly Dictionary<ClientNetwork, int> _counts = [];

    /// <summary>Clients with a session.</summary>
    public int Count => _counts.Count;

    /// <summary>The sessions of a client.</summary>
    public int CountOf(IpAddress client) => _counts.GetValueOrDefault(new ClientNetwork(client));

    /// <summary>One more.</summary>
    public void Add(IpAddress client)
    {
        var key = new ClientNetwork(client);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    /// <summary>One less; a client without sessions is forgotten.</summary>
    public void Remove(IpAddress client)
    {
        var key = new ClientNetwork(client);
        var left = _counts.GetValueOrDefault(key) - 1;
        if (left > 0) _counts[key] = left;
        else _counts.Remove(key);
    }
}
