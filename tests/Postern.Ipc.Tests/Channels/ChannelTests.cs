using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;

namespace Postern.Ipc.Tests.Channels;

public sealed class ChannelTests
{
    [Fact]
    public void FramesOfOneTurn_ArriveInOrder()
    {
        using var both = new TwoEnds();
        for (uint i = 0; i < 1000; i++)
        {
            both.First.Send(new OpenMessageFrame { Transaction = i });
        }

        both.Turn();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (uint)i), both.SecondSaw.Transactions);
    }

    // A program that is restarted finds its partners' frames waiting already.
    [Fact]
    public void FrameThatWaitsAlready_ComesOnlyAfterTheChannelIsMade()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        using var early = new Channel(loop, first!, new Seen());
        early.Send(new OpenMessageFrame { Transaction = 5 });
        while (loop.RunTurn(wait: false))
        {
        }

        var saw = new Seen();
        using var late = new Channel(loop, second!, saw);
        Assert.Empty(saw.Transactions);
        while (loop.RunTurn(wait: false))
        {
        }

        Assert.Equal([5u], saw.Transactions);
    }

    [Fact]
    public void MoreThanTheKernelTakes_ArrivesWhole()
    {
        using var both = new TwoEnds();
        var piece = new byte[FrameLimits.MaxContent];
        for (var i = 0; i < 100; i++)
        {
            both.First.Send(new ContentFrame { Transaction = 1, Bytes = piece });
        }

        both.Turn();
        Assert.Equal(100L * piece.Length, both.SecondSaw.ContentBytes);
    }

    [Fact]
    public void UnknownFrame_ClosesTheChannelAsHostile()
    {
        using var both = new TwoEnds();
        both.First.Send(new AbortFrame { Transaction = 1 });
        both.Turn();
        Assert.True(both.SecondSaw.Closed);
        Assert.True(both.SecondSaw.Hostile);
        Assert.True(both.FirstSaw.Closed);
        Assert.False(both.FirstSaw.Hostile);
    }

    [Fact]
    public void LengthBeyondTheLimit_ClosesTheChannel()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        var saw = new Seen();
        using var channel = new Channel(loop, second!, saw);
        using var raw = new Connection(loop, first!);
        _ = raw.TryWrite([0xff, 0xff, 0xff, 0x7f, 0, 0]);
        while (!saw.Closed)
        {
            loop.RunTurn(wait: true);
        }

        Assert.True(saw.Hostile);
    }

    [Fact]
    public void FrameThatComesByteByByte_IsHandedOverOnce()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        var saw = new Seen();
        using var channel = new Channel(loop, second!, saw);
        using var raw = new Connection(loop, first!);
        var queue = new ByteQueue();
        var writer = new FrameWriter(queue, OpenMessageFrame.Type);
        new OpenMessageFrame { Transaction = 42 }.Write(writer);
        writer.End();
        foreach (var value in queue.Span.ToArray())
        {
            Assert.Empty(saw.Transactions);
            _ = raw.TryWrite([value]);
            loop.RunTurn(wait: true);
        }

        Assert.Equal([42u], saw.Transactions);
    }

    // Frames that are large when sent are cut anywhere by the kernel, so a peer that is killed leaves half of one.
    [Fact]
    public void PeerThatDiesWhileItWrites_IsNotHostile()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        var saw = new Seen();
        using var channel = new Channel(loop, second!, saw);
        var raw = new Connection(loop, first!);
        Assert.Equal(9, raw.TryWrite([100, 0, 0, 0, 1, 0, 1, 2, 3]).Count);
        raw.Dispose();
        while (!saw.Closed)
        {
            loop.RunTurn(wait: true);
        }

        Assert.False(saw.Hostile);
    }

    [Fact]
    public void PeerThatAsksAndDoesNotListen_IsNotHeardUntilItDoes()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        var echo = new Echo();
        using var channel = new Channel(loop, second!, echo) { MaxUnsent = 100_000 };
        using var raw = new Connection(loop, first!);
        var questions = new ByteQueue();
        for (uint i = 0; i < 100; i++)
        {
            var writer = new FrameWriter(questions, OpenMessageFrame.Type);
            new OpenMessageFrame { Transaction = i }.Write(writer);
            writer.End();
        }

        Assert.Equal(questions.Length, raw.TryWrite(questions.Span).Count);
        Turn(loop);
        Assert.InRange(channel.Unsent, 1, 100_000 + FrameLimits.HeaderSize + 4 + FrameLimits.MaxContent);
        Assert.InRange(echo.Asked, 1, 50);

        long taken = 0;
        var buffer = new byte[65_536];
        while (raw.TryRead(buffer) is { Status: IoStatus.Done, Count: var count } && (count > 0 || loop.RunTurn(wait: false)))
        {
            taken += count;
            Turn(loop);
        }

        Assert.Equal(100, echo.Asked);
        Assert.Equal(100L * (FrameLimits.HeaderSize + 4 + FrameLimits.MaxContent), taken);
        Assert.False(channel.IsClosed);
    }

    [Fact]
    public void PeerThatDiesWithoutListening_EndsTheChannel()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        var echo = new Echo();
        var asker = new Channel(loop, first!, new Seen());
        using var channel = new Channel(loop, second!, echo) { MaxUnsent = 0 };
        asker.Send(new OpenMessageFrame { Transaction = 1 });
        asker.Send(new OpenMessageFrame { Transaction = 2 });
        asker.Flush();
        asker.Dispose();
        Turn(loop);
        Assert.True(echo.Closed);
        Assert.False(echo.Hostile);
    }

    private static void Turn(EventLoop loop)
    {
        while (loop.RunTurn(wait: false))
        {
        }
    }

    /// <summary>Answers a short frame with a long one.</summary>
    private sealed class Echo : IChannelEvents
    {
        internal int Asked { get; private set; }

        internal bool Closed { get; private set; }

        internal bool Hostile { get; private set; }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            Asked++;
            channel.Send(new ContentFrame { Transaction = 1, Bytes = new byte[FrameLimits.MaxContent] });
            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile) => (Closed, Hostile) = (true, hostile);
    }
}
