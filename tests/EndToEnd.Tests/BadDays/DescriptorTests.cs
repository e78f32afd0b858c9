using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>A program that has no descriptor left: new connections wait, the others go on, and nothing spins.</summary>
public sealed class DescriptorTests : IDisposable
{
    private readonly PosternServer _server;
    private readonly List<PlainSmtpClient> _sessions = [];

    public DescriptorTests()
    {
        Requirement.Root("it takes descriptors from a running program");
        _server = PosternServer.Start();
    }

    [Fact]
    public void WithoutDescriptors_AcceptingPausesAndSessionsGoOn()
    {
        var smtpd = Assert.Single(ProcessStatus.Children(_server.SupervisorPid, "postern-smtpd"));
        using var first = PlainSmtpClient.Greeted(_server.Port);
        // Numbers without a gap: then the next one needed is the first beyond the limit.
        while (Numbers(smtpd) is var used && used.Max() >= used.Count)
        {
            _sessions.Add(PlainSmtpClient.Greeted(_server.Port));
        }

        var limit = Numbers(smtpd).Count;
        // As its own user: not every root may change other processes' limits.
        var lower = Unprivileged.Command("prlimit", $"--pid={smtpd}", $"--nofile={limit}:{limit}");
        Tool.Run(lower[0], lower.Skip(1)).MustSucceed();
        using var waiting = new TcpClient();
        waiting.Connect(IPAddress.Loopback, _server.Port);
        _server.AwaitLog(line => line.Contains("accept-paused", StringComparison.Ordinal), "accept-paused");

        // Generous: a loop that spins takes all of a core and never sleeps.
        var (ticks, sleeps) = (ProcessStatus.Ticks(smtpd), ProcessStatus.Of(smtpd)!.Sleeps);
        var watch = Stopwatch.StartNew();
        var mark = Samples.Mark();
        first.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Must(2);
        _server.Mailbox("bob").Await(mark);
        Patience.Until(() => watch.Elapsed > TimeSpan.FromSeconds(2), () => "");
        var seconds = watch.Elapsed.TotalSeconds;
        Assert.InRange(ProcessStatus.Ticks(smtpd) - ticks, 0, 50 * seconds);
        Assert.InRange(ProcessStatus.Of(smtpd)!.Sleeps - sleeps, 0, 200 * seconds);
        // One line tells it, not one each time.
        Assert.Single(_server.Log, line => line.Contains("accept-paused", StringComparison.Ordinal));

        // As soon as one is free, the one that waited is served.
        first.Dispose();
        using var greeting = new StreamReader(waiting.GetStream());
        Assert.StartsWith("220 ", greeting.ReadLine(), StringComparison.Ordinal);
        waiting.Dispose();
        _sessions.ForEach(session => session.Dispose());
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _sessions.ForEach(session => session.Dispose());
        _server.Dispose();
    }

    private static List<int> Numbers(int pid) =>
        [.. Directory.GetFiles($"/proc/{pid}/fd").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
}
