using Postern.Text;

namespace Postern.Sasl;

/// <summary>How often passwords may be guessed: from one network, at one account, and in total.</summary>
/// <remarks>
/// Whoever is stopped is told to come later, and is not told whether his password was right. An attacker must not be able to
/// keep a user out by guessing at him: networks from which the account has been logged in before are counted apart from all others, and of
/// the others each has its first guess at an account, however many guesses of others there are, but for those of its own IPv6 site.
/// </remarks>
/// <param name="time">The clock; only time that passes is asked for.</param>
public sealed class GuessLimits(TimeProvider time)
{
    /// <summary>Of one network at all accounts: an office behind one address with a few wrong settings.</summary>
    internal const int NetworkBurst = 20;

    /// <summary>Of one network at one account: somebody who tries his three passwords in both spellings.</summary>
    internal const int PairBurst = 8;

    /// <summary>A site, an IPv6 /48, may do so many times what one of its networks may: it has 65,536 of them, and can be one customer's or a town's.</summary>
    internal const int SiteFactor = 4;

    /// <summary>Of all networks together that the account was never logged in from, beyond the first guess of each.</summary>
    internal const int AccountBurst = 30;

    /// <summary>Of everybody that is not known, at once; each costs ten milliseconds of a processor.</summary>
    internal const int TotalBurst = 200;

    /// <summary>Networks, accounts, and pairs of them that are remembered at least; arbitrary: some megabytes.</summary>
    internal const int Capacity = 16_384;

    /// <summary>For how long a guess of a network at an account is its first one no more.</summary>
    internal static readonly TimeSpan PairInterval = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _totalInterval = TimeSpan.FromMilliseconds(50);

    private readonly Allowances<ClientNetwork> _networks = new(NetworkBurst, Ticks(time, _interval), Capacity);
    private readonly Allowances<(string, ClientNetwork)> _pairs = new(PairBurst, Ticks(time, PairInterval), Capacity);
    private readonly Allowances<ClientNetwork> _sites = new(SiteFactor * NetworkBurst, Ticks(time, _interval / SiteFactor), Capacity);
    private readonly Allowances<(string, ClientNetwork)> _sitePairs = new(SiteFactor * PairBurst, Ticks(time, PairInterval / SiteFactor), Capacity);
    private readonly Allowances<string> _accounts = new(AccountBurst, Ticks(time, _interval), Capacity);
    private readonly Allowances<int> _total = new(TotalBurst, Ticks(time, _totalInterval), Capacity);

    /// <summary>What is remembered, for the tests of its bound.</summary>
    internal int Count => _networks.Count + _pairs.Count + _sites.Count + _sitePairs.Count + _accounts.Count;

    /// <summary>Asks for one attempt. It counts as a wrong guess until <see cref="Succeed"/> says otherwise, so that many at once are as many.</summary>
    /// <param name="network">Where it comes from.</param>
    /// <param name="account">The name, as <see cref="AccountName.TryParse"/> gives it; of an account that exists or not.</param>
    /// <param name="isKnown">True when the account has been logged in from this network before.</param>
    /// <returns>False when it has to wait, and nothing is counted.</returns>
    public bool TryBegin(ClientNetwork network, string account, bool isKnown)
    {
        long now = time.GetTimestamp();
        var pair = (account, network);
        if (!_pairs.HasOne(pair, now)) return false;
        // A user at home is not stopped by what others do to him, nor by whoever guesses at other accounts beside him.
        if (!isKnown)
        {
            if (!_networks.HasOne(network, now) || !_total.HasOne(0, now)) return false;
            if (_pairs.IsTouched(pair, now) && !_accounts.HasOne(account, now)) return false;
            if (network.Site is { } site && !TryTakeOf(site, account, now)) return false;
            _networks.Take(network, now);
            _accounts.Take(account, now);
            _total.Take(0, now);
        }
        _pairs.Take(pair, now);
        return true;
    }

    /// <summary>Takes the count of an attempt back: it was right.</summary>
    /// <inheritdoc cref="TryBegin"/>
    public void Succeed(ClientNetwork network, string account, bool isKnown)
    {
        _pairs.Return((account, network));
        if (isKnown) return;
        _networks.Return(network);
        if (network.Site is { } site)
        {
            _sites.Return(site);
            _sitePairs.Return((account, site));
        }
        _accounts.Return(account);
        _total.Return(0);
    }

    private bool TryTakeOf(ClientNetwork site, string account, long now)
    {
        if (!_sites.HasOne(site, now) || !_sitePairs.HasOne((account, site), now)) return false;
        _sites.Take(site, now);
        _sitePairs.Take((account, site), now);
        return true;
    }

    private static long Ticks(TimeProvider time, TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
