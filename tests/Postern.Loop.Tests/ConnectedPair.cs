using Postern.Posix.Sockets;

namespace Postern.Loop.Tests;

/// <summary>Two connections joined by a socket pair, on a loop that the test turns by hand.</summary>
internal sealed class ConnectedPair : IDisposable
{
    internal ConnectedPair()
    {
        Loop = new EventLoop(Clock);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        First = new Connection(Loop, first!);
        Second = new Connection(Loop, second!);
    }

    internal ManualClock Clock { get; } = new();

    internal EventLoop Loop { get; }

    internal Connection First { get; }

    internal Connection Second { get; }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Loop.Dispose();
    }

    internal void Turn()
    {
        while (Loop.RunTurn(wait: false))
        {
        }
    }

    internal T TurnUntil<T>(Task<T> work) => TurnUntil(Loop, work);

    /// <summary>Turns a loop until work on it is complete.</summary>
    internal static T TurnUntil<T>(EventLoop loop, Task<T> work)
    {
        for (var turns = 0; !work.IsCompleted; turns++)
        {
            Assert.True(turns < 1_000_000, "the loop has nothing left that could complete the work");
            loop.RunTurn(wait: false);
        }

        return work.GetAwaiter().GetResult();
    }
}
