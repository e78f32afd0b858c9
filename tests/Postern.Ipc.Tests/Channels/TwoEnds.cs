using Postern.Loop;
using Postern.Posix.Sockets;

namespace Postern.Ipc.Tests.Channels;

/// <summary>Both ends of a channel on one loop.</summary>
internal sealed class TwoEnds : IDisposable
{
    private readonly EventLoop _loop = new(TimeProvider.System);

    internal TwoEnds()
    {
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        First = new Channel(_loop, first!, FirstSaw);
        Second = new Channel(_loop, second!, SecondSaw);
    }

    internal Channel First { get; }

    internal Channel Second { get; }

    internal Seen FirstSaw { get; } = new();

    internal Seen SecondSaw { get; } = new();

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        _loop.Dispose();
    }

    internal void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
