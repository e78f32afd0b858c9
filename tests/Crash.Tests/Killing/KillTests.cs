using Postern.Crash.Load;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.Crash.Killing;

/// <summary>Programs die without warning while mail flows: whatever got a 250 arrives, whole.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // Fewer than posternd answers at once within its window.
    private const int Deaths = 3;

    [Theory]
    [InlineData("smtpd")]
    [InlineData("directory")]
    [InlineData("queue")]
    [InlineData("local")]
    [InlineData("deliver")]
    public void AProgramOnTheWayToAMailboxIsKilled_NothingAcknowledgedIsLost(string program)
    {
        using var server = PosternServer.Start();
        using var load = new LoadClient(server, _ => "bob@example.org").Start();
        KillAgainAndAgain(server, load, program);
        load.Stop();
        Arrivals.AwaitIn(server.Mailbox("bob"), load);
        Report(server.Mailbox("bob").Count, load);
        Assert.Equal(0, server.Stop());
    }

    [Theory]
    [InlineData("remote")]
    [InlineData("queue")]
    public void AProgramOnTheWayToAnotherServerIsKilled_NothingAcknowledgedIsLost(string program)
    {
        var port = LoopbackPort.Free();
        using var sink = new ScriptedSink(port);
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"*\" = \"127.0.0.1:{port}\"" });
        using var load = new LoadClient(server, number => $"x{number}@elsewhere.example").Start();
        KillAgainAndAgain(server, load, program);
        load.Stop();
        Arrivals.AwaitIn(sink, load);
        Report(sink.Messages.Count, load);
        Assert.Equal(0, server.Stop());
    }

    [Theory]
    [InlineData("bounce")]
    [InlineData("queue")]
    public void AProgramIsKilledWhileEverythingBounces_EverySenderIsNotified(string program)
    {
        var port = LoopbackPort.Free();
        using var sink = new ScriptedSink(port, (happened, _) => happened.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null);
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"*\" = \"127.0.0.1:{port}\"" });
        using var load = new LoadClient(server, number => $"x{number}@elsewhere.example").Start();
        KillAgainAndAgain(server, load, program);
        load.Stop();
        var mailbox = server.Mailbox("alice");
        foreach (var number in load.Acknowledged)
        {
            mailbox.Await($"\nFinal-Recipient: rfc822; x{number}@elsewhere.example\n");
        }

        Report(mailbox.Count, load);
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void EverythingIsKilled_NothingAcknowledgedIsLost()
    {
        using var server = PosternServer.Start();
        using var load = new LoadClient(server, _ => "bob@example.org").Start();
        for (var death = 0; death < Deaths; death++)
        {
            load.AwaitMore(100);
            server.KillEverythingAndRestart();
            output.WriteLine($"everything killed; a new message was accepted {load.AwaitService().TotalMilliseconds:F0} ms after it was ready again");
        }

        load.AwaitMore(100);
        load.Stop();
        Arrivals.AwaitIn(server.Mailbox("bob"), load);
        Report(server.Mailbox("bob").Count, load);
        Assert.Equal(0, server.Stop());
    }

    private void KillAgainAndAgain(PosternServer server, LoadClient load, string program)
    {
        for (var death = 0; death < Deaths; death++)
        {
            load.AwaitMore(60);
            // deliver comes and goes with its work: wait for one.
            Patience.Until(() => server.Kill(program), () => $"{program} never runs");
            output.WriteLine($"{program} killed; a new message was accepted {load.AwaitService().TotalMilliseconds:F0} ms later");
        }

        load.AwaitMore(60);
        // Mail is accepted without most of the programs, so the last start may still be to come.
        Patience.Until(
            () => program == "deliver" || server.StartsOf(program) >= Deaths + 1,
            () => $"{program} was started {server.StartsOf(program)} times");
    }

    private void Report(int arrived, LoadClient load) => output.WriteLine($"{load.Acknowledged.Count} acknowledged, {arrived} arrived");
}
