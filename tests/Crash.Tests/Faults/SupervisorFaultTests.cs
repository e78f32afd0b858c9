using Postern.Crash.Syncing;
using Postern.TestKit.Servers;

namespace Postern.Crash.Faults;

/// <summary>posternd's own system calls fail for a while: it says so, and the server goes on when they work again.</summary>
public sealed class SupervisorFaultTests : IDisposable
{
    private readonly PosternServer _server = PosternServer.Start();

    // The socket over which it is controlled, then the channel to the directory, then the one to the queue.
    [Theory]
    [InlineData(1, "not-started name=smtpd ")]
    [InlineData(2, "program-ended name=smtpd ")]
    [InlineData(3, "program-ended name=smtpd ")]
    public void ASocketThatIsNotToBeHad_OnlyDelaysTheRestart(int when, string said)
    {
        var before = _server.StartsOf("smtpd");
        using (new Strace([_server.SupervisorPid], "-e", "trace=socketpair", "-e", $"inject=socketpair:error=EMFILE:when={when}"))
        {
            Assert.True(_server.Kill("smtpd"));
            Patience.Until(() => _server.Log.Count(line => line.Contains(said, StringComparison.Ordinal)) >= (when == 1 ? 1 : 2), Said);
            Patience.Until(() => _server.StartsOf("smtpd") > before, Said);
        }

        OneMessage.MustArrive(_server);
    }

    [Fact]
    public void ADeliverThatCanNotBeStarted_OnlyDelaysItsMail()
    {
        using (new Strace([_server.SupervisorPid], "-e", "trace=socketpair", "-e", "inject=socketpair:error=EMFILE:when=1"))
        {
            OneMessage.MustArrive(_server);
        }

        Assert.Contains(_server.Log, line => line.Contains(" deferred ", StringComparison.Ordinal));
    }

    [Fact]
    public void ADeliverThatDoesNotTakeItsSlice_IsEndedAndOnlyDelaysItsMail()
    {
        Action arrive;
        // What deliver says when it is ready is made to fail, too, as long as this is watched.
        using (new Strace([_server.SupervisorPid], "-e", "trace=sendmsg", "-e", "inject=sendmsg:error=EAGAIN:when=1"))
        {
            arrive = OneMessage.MustBeTaken(_server);
            Patience.Until(() => _server.Log.Any(line => line.Contains("program-ended name=deliver ", StringComparison.Ordinal)), Said);
        }

        arrive();
        Assert.Contains(_server.Log, line => line.Contains(" deferred ", StringComparison.Ordinal));
    }

    // To a fresh smtpd go its slice and its listening socket; the third packet goes to the first of its partners.
    [Fact]
    public void APartnerThatDoesNotTakeItsEnd_IsEndedAndStartedAnew()
    {
        var before = (_server.StartsOf("smtpd"), _server.StartsOf("directory"));
        using (new Strace([_server.SupervisorPid], "-e", "trace=sendmsg", "-e", "inject=sendmsg:error=EAGAIN:when=3"))
        {
            Assert.True(_server.Kill("smtpd"));
            Patience.Until(() => _server.StartsOf("smtpd") > before.Item1 && _server.StartsOf("directory") > before.Item2, Said);
        }

        OneMessage.MustArrive(_server);
    }

    [Fact]
    public void AProgramThatDoesNotTakeANewConfiguration_IsStartedWithIt()
    {
        var before = _server.StartsOf("directory");
        using (new Strace([_server.SupervisorPid], "-e", "trace=sendmsg", "-e", "inject=sendmsg:error=EAGAIN:when=1"))
        {
            RunningProgram.Signal(_server.SupervisorPid, "HUP");
            Patience.Until(() => _server.StartsOf("directory") > before, Said);
        }

        Assert.Contains(_server.Log, line => line.Contains(" reloaded ", StringComparison.Ordinal));
        OneMessage.MustArrive(_server);
    }

    [Fact]
    public void ASliceThatCanNotBeMade_LeavesTheOldConfigurationInForce()
    {
        using (new Strace([_server.SupervisorPid], "-e", "trace=memfd_create", "-e", "inject=memfd_create:error=EMFILE:when=3"))
        {
            RunningProgram.Signal(_server.SupervisorPid, "HUP");
            Patience.Until(() => _server.Log.Any(line => line.Contains("reload-refused", StringComparison.Ordinal)), Said);
        }

        Assert.Contains(_server.Log, line => line.Contains("error posternd config-not-started ", StringComparison.Ordinal));
        OneMessage.MustArrive(_server);
        RunningProgram.Signal(_server.SupervisorPid, "HUP");
        Patience.Until(() => _server.Log.Any(line => line.Contains(" reloaded ", StringComparison.Ordinal)), Said);
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose() => _server.Dispose();

    private string Said() => string.Join('\n', _server.Log.TakeLast(40));
}
