using Postern.Text;

namespace Postern.Sasl;

/// <summary>From which networks each account has been logged in: they are not stopped by other people's guesses, and a new one is worth a word to the user.</summary>
public sealed class KnownNetworks
{
    /// <summary>Of one account; the one that was not used for longest makes room. Arbitrary: home, office, some trains.</summary>
    internal const int MaxPerAccount = 32;

    /// <summary>A network that was not used for so long is a stranger's.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private readonly Dictionary<string, List<Visit>> _accounts = new(StringComparer.Ordinal);

    /// <summary>True when the account was logged in from there, not too long ago.</summary>
    public bool Has(string account, ClientNetwork network, DateTimeOffset now) =>
        _accounts.TryGetValue(account, out var visits) && visits.Exists(visit => visit.Network == network && now - visit.Time <= Lifetime);

    /// <summary>True when the account was logged in to, from wherever.</summary>
    public bool Has(string account) => _accounts.ContainsKey(account);

    /// <summary>Takes a login.</summary>
    /// <returns>True when the account had others before, and none from its <see cref="ClientNetwork.Place"/>: the user should hear of it.</returns>
    public bool Add(string account, ClientNetwork network, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(account, out var visits)) _accounts.Add(account, visits = []);
        bool isNew = visits.Count > 0 && !visits.Exists(visit => visit.Network.Place == network.Place && now - visit.Time <= Lifetime);
        visits.RemoveAll(visit => visit.Network == network);
        // The last one is the latest.
        if (visits.Count == MaxPerAccount) visits.RemoveAt(0);
        visits.Add(new Visit(network, now));
        return isNew;
    }

    /// <summary>Forgets an account that is no more.</summary>
    public void Remove(string account) => _accounts.Remove(account);

    private readonly record struct Visit(ClientNetwork Network, DateTimeOffset Time);
}
