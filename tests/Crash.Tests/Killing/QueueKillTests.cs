using System.Diagnostics;
using System.Globalization;
using Postern.Crash.Bare;
using Postern.TestKit.Servers;

namespace Postern.Crash.Killing;

/// <summary>Attack P2: the queue is killed at random moments of its life, its start among them, again and again over one folder.</summary>
public sealed class QueueKillTests(ITestOutputHelper output)
{
    /// <summary>Queues at a time, each with a folder of its own.</summary>
    private const int SideBySide = 4;

    /// <summary>A life is cut off after so many milliseconds at most; it is ready after about twenty.</summary>
    private const int LongestLife = 200;

    /// <summary>Messages that are under way at a time.</summary>
    private const int UnderWay = 12;

    /// <summary>Any number can be asked for; else a few, or some more in the long form.</summary>
    private static readonly int _kills = Environment.GetEnvironmentVariable("POSTERN_KILLS") is { Length: > 0 } asked ? int.Parse(asked, CultureInfo.InvariantCulture)
        : Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 2000 : 100;

    [Fact]
    public void AQueueThatIsKilledAgainAndAgain_LosesNothingAndRepeatsNothingWithoutAKill()
    {
        _ = PosternPrograms.Folder;
        var watch = Stopwatch.StartNew();
        var accounts = new Account[SideBySide];
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Parallel.For(0, SideBySide, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, place =>
            accounts[place] = KillAgainAndAgain(new Random(seed + place), (_kills + SideBySide - 1) / SideBySide));
        output.WriteLine(
            $"{_kills} kills, {_kills / watch.Elapsed.TotalMinutes:F0} a minute, {accounts.Sum(one => one.Acknowledged)} messages acknowledged, "
            + $"{accounts.Sum(one => one.Doubled)} deliveries repeated");
    }

    private static Account KillAgainAndAgain(Random random, int kills)
    {
        using var scratch = new Scratch(belongsToNobody: false);
        Directory.CreateDirectory(scratch["queue"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var account = new Account();
        for (var kill = 0; kill < kills; kill++)
        {
            File.Delete(scratch["log"]);
            using var queue = BareQueue.Start(scratch["queue"], scratch["log"]);
            var end = TimeSpan.FromMilliseconds(random.Next(LongestLife));
            var life = Stopwatch.StartNew();
            Assert.True(queue.Await(() => GoOn(account, queue, random) && life.Elapsed >= end, "the end of a life"), queue.Log);
            queue.Kill();
            account.Close(queue);
        }

        using (var queue = BareQueue.Start(scratch["queue"], scratch["log"]))
        {
            queue.Local.AllAreHere = true;
            Assert.True(queue.AwaitReady(), queue.Log);
            account.Submit(queue, 1, 1000, "last@a.test");
            Assert.True(queue.Await(() => account.IsSettled(queue), "what was acknowledged"), queue.Log);
            Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
            account.Close(queue);
        }

        // What waits at a start goes out before what comes later, so whatever is to be repeated was by then.
        using (var queue = BareQueue.Start(scratch["queue"], scratch["log"]))
        {
            queue.Local.AllAreHere = true;
            Assert.True(queue.AwaitReady(), queue.Log);
            account.Submit(queue, 1, 1000, "after@a.test");
            Assert.True(queue.Await(() => queue.Local.Delivered.Exists(one => one.Recipient == "after@a.test"), "the message after"), queue.Log);
            Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
            account.Close(queue, orderlyBefore: true);
        }

        account.Judge();
        return account;
    }

    private static bool GoOn(Account account, BareQueue queue, Random random)
    {
        while (queue.Smtpd.Sent.Count - queue.Smtpd.Answers.Count < UnderWay)
        {
            var away = random.Next(50) == 0;
            account.Send(queue, random.Next(20) == 0 ? random.Next(150_000) : random.Next(5000), away ? $"{Recipients.Away}@a.test" : "x@a.test");
        }

        return true;
    }
}
