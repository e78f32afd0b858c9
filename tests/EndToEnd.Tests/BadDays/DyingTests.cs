using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>Programs that die: once, and again and again.</summary>
public sealed class DyingTests : IDisposable
{
    private readonly PosternServer _server = PosternServer.Start();

    [Fact]
    public void AProgramThatKeepsDying_EndsTheServerLoudly()
    {
        var code = new Lazy<int>(() => _server.Stop());
        var last = 0;
        Patience.Until(
            () =>
            {
                if (ProcessStatus.Children(_server.SupervisorPid, "postern-bounce") is [var pid] && pid != last)
                {
                    RunningProgram.Signal(last = pid, "KILL");
                }

                return ProcessStatus.Of(_server.SupervisorPid) is null or { Name: not "posternd" } || Gave();
            },
            () => string.Join('\n', _server.Log));
        Patience.Until(Gave, () => string.Join('\n', _server.Log));
        Assert.Equal(70, code.Value);
        Assert.Contains(_server.Log, line => line.Contains("giving-up name=bounce reason=\"it keeps dying\"", StringComparison.Ordinal));
        Assert.Contains(_server.Log, line => line.Contains("stopped code=70", StringComparison.Ordinal));
    }

    [Fact]
    public void ADeathOfEachProgram_IsHealed()
    {
        foreach (var program in new[] { "directory", "bounce", "local", "remote", "tls", "auth", "queue", "smtpd" })
        {
            var pid = Assert.Single(ProcessStatus.Children(_server.SupervisorPid, "postern-" + program));
            RunningProgram.Signal(pid, "KILL");
            Patience.Until(() => _server.StartsOf(program) == 2 && _server.PidOf(program) is { } fresh && fresh != pid, () => string.Join('\n', _server.Log));
        }

        var mark = Samples.Mark();
        Patience.Until(() => TrySend(mark), () => string.Join('\n', _server.Log));
        _server.Mailbox("bob").Await(mark);
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose() => _server.Dispose();

    private bool Gave() => _server.Log.Any(line => line.Contains("giving-up", StringComparison.Ordinal));

    private bool TrySend(string mark)
    {
        try
        {
            using var client = PlainSmtpClient.Greeted(_server.Port);
            return client.Command("MAIL FROM:<alice@example.org>").Code == 250 && client.Command("RSET").Code == 250
                && client.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Code == 250;
        }
        catch (InvalidOperationException)
        {
            return false; // A partner has only just come back: 4xx.
        }
    }
}
