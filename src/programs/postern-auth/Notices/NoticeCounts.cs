namespace Postern.Auth.Notices;

/// <summary>How many notices each account has had today: who travels with a password, his own or a stolen one, fills no mailbox with them.</summary>
/// <remarks>The day begins with the first notice to anybody. The counts are this process's: after its end they begin anew.</remarks>
/// <param name="time">The clock; only time that passes is asked for.</param>
internal sealed class NoticeCounts(TimeProvider time)
{
    /// <summary>For one account within a day. Arbitrary: more are not read, and the record has every login.</summary>
    internal const int MaxPerDay = 3;

    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    // Names are those of accounts that were logged in to today, and so there are no more of them.
    private readonly Dictionary<string, int> _accounts = new(StringComparer.Ordinal);
    private long _began;

    /// <summary>Counts a notice, unless it is one too many.</summary>
    internal bool TryAdd(string account)
    {
        if (_accounts.Count == 0 || time.GetElapsedTime(_began) >= _day)
        {
            _accounts.Clear();
            _began = time.GetTimestamp();
        }

        var count = _accounts.GetValueOrDefault(account);
        if (count == MaxPerDay)
        {
            return false;
        }

        _accounts[account] = count + 1;
        return true;
    }
}
