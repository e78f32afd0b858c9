namespace Postern.TestKit;

/// <summary>Feeds input to an incremental reader in every way that a network may deliver it.</summary>
/// <remarks>
/// A reader keeps state between pieces; most bugs of readers sit where a piece ends. The driver knows nothing about what
/// is read: a run turns pieces into an outcome, and outcomes are compared by their own equality (records of strings and
/// numbers do, arrays do not).
/// </remarks>
public static class SplitDriver
{
    /// <summary>Runs the input whole, cut in two at every place, and one byte at a time.</summary>
    /// <param name="input">The bytes of one case.</param>
    /// <param name="run">Makes a fresh reader, feeds it the pieces in order and tells what came out.</param>
    /// <returns>The outcome, which was the same each time.</returns>
    /// <exception cref="InvalidOperationException">A split changed the outcome.</exception>
    public static T EverySplit<T>(byte[] input, Func<IReadOnlyList<byte[]>, T> run)
    {
        var whole = run([input]);
        for (int at = 0; at <= input.Length; at++)
            Demand(whole, run([input[..at], input[at..]]), $"cut in two at {at}");
        Demand(whole, run([.. input.Select(value => new[] { value })]), "one byte at a time");
        return whole;
    }

    /// <summary>Every true prefix of the input, the empty one first: what was there when the connection broke.</summary>
    public static IEnumerable<byte[]> EveryCut(byte[] input)
    {
        for (int length = 0; length < input.Length; length++) yield return input[..length];
    }

    private static void Demand<T>(T expected, T actual, string how)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidOperationException($"Whole: {expected}. {how}: {actual}.");
    }
}
