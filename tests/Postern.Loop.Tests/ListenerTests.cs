using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Loop.Tests;

public sealed class ListenerTests
{
    // As after shutdown(2) by another program that has the same one; here it never was one.
    [Fact]
    public void ListenerThatTakesNoMore_IsAskedAgainAfterAPauseAndNotAtOnce()
    {
        var clock = new ManualClock();
        using var loop = new EventLoop(clock);
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        using var other = new Connection(loop, theirs!);
        var said = new List<int>();
        using var listener = new Listener(loop, ours!, static (_, _) => Assert.Fail("there is nobody"), said.Add);
        Assert.Equal(1, other.TryWrite("x"u8).Count);
        AssertComesToRest(loop);
        Assert.Equal([Errno.InvalidArgument], said);

        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(loop.RunTurn(wait: false));
        AssertComesToRest(loop);
        // It is one pause that goes on.
        Assert.Equal([Errno.InvalidArgument], said);
    }

    private static void AssertComesToRest(EventLoop loop)
    {
        for (var turns = 0; loop.RunTurn(wait: false); turns++)
        {
            Assert.True(turns < 100, "it turns without end");
        }
    }
}
