using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Loop.Tests;

/// <summary>A descriptor that is given away, as to another process: the loop has nothing to do with it any more.</summary>
public sealed class DetachTests
{
    [Fact]
    public void DetachedDescriptor_IsOpenAndItsOwner_IsClosed()
    {
        using var pair = new ConnectedPair();
        using var given = pair.First.Detach()!;
        Assert.True(pair.First.IsClosed);
        Assert.Equal(1, Socket.Send(given.Number, "x"u8).Value);
        var buffer = new byte[4];
        Assert.Equal(1, pair.Second.TryRead(buffer).Count);
    }

    [Fact]
    public void WhatHappensOnIt_WakesNobody()
    {
        using var pair = new ConnectedPair();
        using var given = pair.First.Detach()!;
        pair.Turn();
        Assert.Equal(1, pair.Second.TryWrite("x"u8).Count);
        // Were the kernel still watching, this turn would have had something to do.
        Assert.False(pair.Loop.RunTurn(wait: false));
    }

    [Fact]
    public void WhoeverWaits_IsTold()
    {
        using var pair = new ConnectedPair();
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.Turn();
        using var given = pair.First.Detach()!;
        Assert.Equal(IoStatus.Broken, pair.TurnUntil(read).Status);
    }

    [Fact]
    public void TheSameDescriptor_CanBeWatchedAgain()
    {
        using var pair = new ConnectedPair();
        using var again = new Connection(pair.Loop, pair.First.Detach()!);
        var read = again.ReadAsync(new byte[16]).AsTask();
        Assert.Equal(2, pair.Second.TryWrite("ab"u8).Count);
        Assert.Equal(new IoResult(IoStatus.Done, 2), pair.TurnUntil(read));
    }

    [Fact]
    public void WhatIsClosed_CannotBeGivenAway()
    {
        using var pair = new ConnectedPair();
        pair.First.Dispose();
        Assert.Null(pair.First.Detach());
    }
}
