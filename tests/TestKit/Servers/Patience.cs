using System.Diagnostics;

namespace Postern.TestKit.Servers;

/// <summary>Waits for what other processes do: looks again and again until a deadline that only a hang reaches.</summary>
public static class Patience
{
    /// <summary>Long enough for an overloaded machine; nothing is measured by it.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Looks once.</param>
    /// <param name="state">What to say of the state of things when it never came true.</param>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static void Until(Func<bool> condition, Func<string> state)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Long)
            {
                throw new TimeoutException($"Waited {Long.TotalSeconds} s in vain: {state()}");
            }

            Thread.Sleep(_pause);
        }
    }
}
