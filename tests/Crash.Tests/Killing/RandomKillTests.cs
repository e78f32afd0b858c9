using System.Diagnostics;
using System.Globalization;
using Postern.Crash.Load;
using Postern.TestKit.Servers;

namespace Postern.Crash.Killing;

/// <summary>Attack P2: of a whole server that works, any program or all of them are killed at random.</summary>
public sealed class RandomKillTests(ITestOutputHelper output)
{
    /// <summary>Single deaths before everything dies: fewer than posternd answers at once, whichever programs they hit.</summary>
    private const int SingleDeaths = 5;

    private static readonly string[] _programs = ["smtpd", "directory", "queue", "local", "deliver"];

    /// <summary>Any number can be asked for; else a few, or some more in the long form.</summary>
    private static readonly int _kills = Environment.GetEnvironmentVariable("POSTERN_KILLS") is { Length: > 0 } asked ? int.Parse(asked, CultureInfo.InvariantCulture)
        : Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 120 : 12;

    [Fact]
    public void AnyProgramOrAllAreKilledAtRandom_NothingAcknowledgedIsLost()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var server = PosternServer.Start();
        using var load = new LoadClient(server, _ => "bob@example.org").Start();
        var watch = Stopwatch.StartNew();
        for (var kill = 1; kill <= _kills; kill++)
        {
            load.AwaitMore(random.Next(30));
            if (kill % (SingleDeaths + 1) == 0)
            {
                server.KillEverythingAndRestart();
            }
            else
            {
                var program = _programs[random.Next(_programs.Length)];
                // deliver comes and goes with its work.
                Patience.Until(() => server.Kill(program), () => $"{program} never runs");
            }
        }

        var minutes = watch.Elapsed.TotalMinutes;
        load.AwaitMore(30);
        load.Stop();
        var mailbox = server.Mailbox("bob");
        Arrivals.AwaitIn(mailbox, load);
        var copies = mailbox.Heads(200).Select(NumberedMessage.NumberOf).GroupBy(number => number).Select(group => group.Count()).ToList();
        output.WriteLine(
            $"{_kills} kills, {_kills / minutes:F0} a minute, {load.Acknowledged.Count} messages acknowledged, "
            + $"{copies.Count(count => count > 1)} of them came more than once, none more than {copies.Max()} times");
        // A kill repeats what was under way, and once.
        Assert.InRange(copies.Max(), 1, 1 + _kills);
        Assert.Equal(0, server.Stop());
    }
}
