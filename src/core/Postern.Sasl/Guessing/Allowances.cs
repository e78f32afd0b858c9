namespace Postern.Sasl;

/// <summary>How often each of many may do something: so many times at once, and then once in a while.</summary>
/// <remarks>
/// A key that has its whole allowance is not stored. When more are stored than there is room for, the younger half stays: who
/// has not been here for longest is forgiven, and memory has a bound whatever strangers think of.
/// </remarks>
/// <typeparam name="TKey">Who.</typeparam>
/// <param name="burst">How many at once.</param>
/// <param name="interval">After which one more is allowed, in ticks of the clock.</param>
/// <param name="capacity">How many keys are remembered at least; twice as many at most.</param>
internal sealed class Allowances<TKey>(int burst, long interval, int capacity)
    where TKey : notnull
{
    // When a key's allowance is whole again.
    private Dictionary<TKey, long> _younger = [];
    private Dictionary<TKey, long> _older = [];

    /// <summary>How many keys are remembered.</summary>
    public int Count => _younger.Count + _older.Count;

    /// <summary>True when there is one left.</summary>
    public bool HasOne(TKey key, long now) => WholeAt(key) - now <= (burst - 1) * interval;

    /// <summary>True when some of it was taken and is not back yet.</summary>
    public bool IsTouched(TKey key, long now) => WholeAt(key) > now;

    /// <summary>Takes one, whether there is one or not.</summary>
    public void Take(TKey key, long now)
    {
        // Who goes on asking is not made to wait longer for it.
        long whole = Math.Min(Math.Max(WholeAt(key), now) + interval, now + (burst * interval));
        _older.Remove(key);
        _younger[key] = whole;
        if (_younger.Count < capacity) return;
        (_older, _younger) = (_younger, []);
    }

    /// <summary>Gives one back.</summary>
    public void Return(TKey key)
    {
        if (_younger.TryGetValue(key, out long whole)) _younger[key] = whole - interval;
        else if (_older.TryGetValue(key, out whole)) _older[key] = whole - interval;
    }

    private long WholeAt(TKey key) => _younger.TryGetValue(key, out long whole) || _older.TryGetValue(key, out whole) ? whole : long.MinValue / 2;
}
