using System.Diagnostics;

namespace Postern.Micro;

/// <summary>Runs an operation many times and says what one of them took and allocated.</summary>
internal static class Meter
{
    private const int Rounds = 5;

    /// <summary>Long enough that the clock's own cost vanishes.</summary>
    private const double SecondsPerRound = 0.2;

    /// <summary>Prints a row: the fastest of some rounds, since whatever else the machine does can only add.</summary>
    /// <param name="what">The row's name.</param>
    /// <param name="bytes">Bytes that one operation goes through; 0 for one that is not about bytes.</param>
    /// <param name="operation">The operation.</param>
    internal static void Row(string what, int bytes, Action operation)
    {
        var count = 1L;
        while (Time(operation, count) < SecondsPerRound / 10)
        {
            count *= 2;
        }

        count *= 10;
        var best = double.MaxValue;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            best = Math.Min(best, Time(operation, count));
        }

        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / (Rounds * count);
        var nanoseconds = best / count * 1e9;
        var pace = bytes > 0 ? $"{bytes / nanoseconds,10:N2}" : $"{"",10}";
        Console.WriteLine($"{what,-42}{nanoseconds,10:N1}{pace}{allocated,10:N1}");
    }

    private static double Time(Action operation, long count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0L; i < count; i++)
        {
            operation();
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
