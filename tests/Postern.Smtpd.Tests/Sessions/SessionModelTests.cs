using System.Globalization;
using Postern.TestKit;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>Attack B16: random commands over several connections at a time, in groups and pieces, against a reference of a hundred lines.</summary>
/// <remarks>POSTERN_SEEDS=FIRST:COUNT runs other seeds than the usual; a failing seed is named and replays by FIRST:1.</remarks>
public class SessionModelTests
{
    /// <summary>Commands and contents in all: what a few seconds are enough for, or ten million.</summary>
    private static readonly long _steps = LongForm.IsAsked ? 10_000_000 : 200_000;

    [Fact]
    public void AnySequenceOfCommands_GetsTheRepliesOfTheReference()
    {
        long steps = 0;
        long messages = 0;
        string? failure = null;
        var (first, count) = Seeds();
        var next = first - 1;
        Parallel.For(0, Environment.ProcessorCount, (_, loop) =>
        {
            while (!loop.IsStopped && Interlocked.Read(ref steps) < _steps && Interlocked.Increment(ref next) - first is var place && place < count)
            {
                using var life = new ModelLife(first + place);
                if (life.Run() is { } found)
                {
                    failure = $"POSTERN_SEEDS={first + place}:1 fails:\n{found}";
                    loop.Stop();
                }

                Interlocked.Add(ref messages, life.Messages);
                Interlocked.Add(ref steps, life.Steps);
            }
        });
        // Assert.Null would cut the story short.
        Assert.True(failure is null, failure);
        TestContext.Current.SendDiagnosticMessage("{0} steps, {1} messages", steps, messages);
        // The random sessions are worth something only when they get somewhere.
        Assert.True(messages > steps / 40, $"{messages} messages of {steps} steps");
    }

    private static (int First, int Count) Seeds()
    {
        if (Environment.GetEnvironmentVariable("POSTERN_SEEDS") is not { } asked) return (1, int.MaxValue);
        var numbers = asked.Split(':').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1]);
    }
}
