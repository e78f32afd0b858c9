namespace Postern.Loop;

/// <summary>Finds out once what several want to know at the same time, and tells all of them.</summary>
/// <remarks>
/// Whoever waits has a promise of his own: of several continuations of one task the runtime runs all but one on other threads,
/// where nothing of the loop's may be touched. Not safe for several threads.
/// </remarks>
/// <typeparam name="TKey">What is asked.</typeparam>
/// <typeparam name="TResult">What is found out.</typeparam>
/// <param name="find">Finds it out.</param>
public sealed class SharedWork<TKey, TResult>(Func<TKey, ValueTask<TResult>> find)
    where TKey : notnull
{
    private readonly Dictionary<TKey, List<TaskCompletionSource<TResult>>> _underWay = [];

    /// <summary>Finds it out, or waits for whoever is at it already.</summary>
    /// <exception cref="OperationCanceledException">Whoever was at it failed; he has the reason.</exception>
    public ValueTask<TResult> GetAsync(TKey key)
    {
        if (!_underWay.TryGetValue(key, out var waiting))
        {
            return FindAsync(key);
        }

        var mine = new TaskCompletionSource<TResult>();
        waiting.Add(mine);
        return new ValueTask<TResult>(mine.Task);
    }

    private async ValueTask<TResult> FindAsync(TKey key)
    {
        // In its place before it begins: what that wakes on the way may want the same.
        List<TaskCompletionSource<TResult>> waiting = [];
        _underWay.Add(key, waiting);
        var isFound = false;
        TResult? result = default;
        try
        {
            result = await find(key);
            isFound = true;
            return result;
        }
        finally
        {
            _underWay.Remove(key);
            foreach (var other in waiting)
            {
                _ = isFound ? other.TrySetResult(result!) : other.TrySetCanceled();
            }
        }
    }
}
