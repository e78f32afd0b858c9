using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;

namespace Postern.Ipc.Tests.Channels;

/// <summary>When a channel sends and reads, and when it lets others have their turn.</summary>
public sealed class FlowTests : IDisposable
{
    private readonly EventLoop _loop = new(TimeProvider.System);

    // A program that ends has no further turn.
    [Fact]
    public void WhatIsFlushed_IsSentAtOnceAndOnce()
    {
        using var raw = Pair(new Seen(), out var channel);
        channel.Send(new OpenMessageFrame { Transaction = 7 });
        Assert.Equal(10, channel.Unsent);
        channel.Flush();
        Assert.Equal(0, channel.Unsent);
        Span<byte> buffer = new byte[100];
        Assert.Equal(10, raw.TryRead(buffer).Count);
        Turn();
        Assert.Equal(0, raw.TryRead(buffer).Count);
    }

    [Fact]
    public void FlushOfNothingOrAfterTheEnd_DoesNothing()
    {
        using var raw = Pair(new Seen(), out var channel);
        channel.Flush();
        channel.Send(new OpenMessageFrame { Transaction = 7 });
        channel.Dispose();
        channel.Flush();
        Assert.Equal(10, channel.Unsent);
        channel.Send(new OpenMessageFrame { Transaction = 8 });
        Assert.Equal(10, channel.Unsent);
        Assert.Equal(0, raw.TryRead(new byte[100]).Count);
    }

    [Fact]
    public void WhenThePeerHasTakenAll_TheSenderIsTold()
    {
        var saw = new Seen();
        using var raw = Pair(saw, out var channel);
        var drained = 0;
        channel.Drained = () => drained++;
        for (var i = 0; i < 100; i++)
        {
            channel.Send(new ContentFrame { Transaction = 1, Bytes = new byte[FrameLimits.MaxContent] });
        }

        Turn();
        Assert.InRange(channel.Unsent, 1, int.MaxValue);
        Assert.Equal(0, drained);
        // More while it waits: there is still one that sends.
        channel.Send(new OpenMessageFrame { Transaction = 7 });
        long taken = 0;
        var buffer = new byte[65_536];
        while (channel.Unsent > 0)
        {
            taken += Math.Max(0, raw.TryRead(buffer).Count);
            Turn();
        }

        Assert.Equal(1, drained);
        Turn();
        while (raw.TryRead(buffer) is { Count: > 0 } result)
        {
            taken += result.Count;
            Turn();
        }

        Assert.Equal((100L * (FrameLimits.HeaderSize + 4 + FrameLimits.MaxContent)) + 10, taken);
    }

    [Fact]
    public void WhatIsSentInOneTurn_IsOneWrite()
    {
        using var raw = Pair(new Seen(), out var channel);
        var drained = 0;
        channel.Drained = () => drained++;
        channel.Send(new OpenMessageFrame { Transaction = 1 });
        channel.Send(new OpenMessageFrame { Transaction = 2 });
        Turn();
        Assert.Equal((20, 1), (raw.TryRead(new byte[100]).Count, drained));
        channel.Send(new OpenMessageFrame { Transaction = 3 });
        Turn();
        Assert.Equal(2, drained);
    }

    [Fact]
    public void ChannelClosedBeforeAllIsSent_TellsItsEnd()
    {
        var saw = new Seen();
        using var raw = Pair(saw, out var channel);
        channel.MaxUnsent = 0;
        Turn();
        channel.Send(new OpenMessageFrame { Transaction = 1 });
        channel.Dispose();
        Turn();
        Assert.True(saw.Closed);
        Assert.False(saw.Hostile);
    }

    // A peer that always has more: the rest of the loop goes on all the same.
    [Fact]
    public void BusyPeers_TakeTurns()
    {
        const int Frames = 300;
        List<int> order = [];
        Busy[] busy = [new(0, Frames, order), new(1, Frames, order)];
        Connection[] raw = [Pair(busy[0], out _), Pair(busy[1], out _)];
        foreach (var (peer, end) in busy.Zip(raw))
        {
            peer.Begin(end);
        }

        Turn();
        Assert.Equal((Frames, Frames), (busy[0].Seen, busy[1].Seen));
        Assert.True(order.LastIndexOf(0) > order.IndexOf(1) && order.LastIndexOf(1) > order.IndexOf(0), "one of them had to wait for the other's last frame");
        Array.ForEach(raw, end => end.Dispose());
    }

    [Fact]
    public void ThePeerThatHasLeftItsLimitUnread_IsHeard()
    {
        // One answer waits and is as long as the limit: that is not more than it.
        const int Answer = FrameLimits.HeaderSize + 4 + 100;
        var answers = new Answers(100);
        using var raw = Pair(answers, out var channel);
        channel.MaxUnsent = Answer;
        Assert.Equal(30, raw.TryWrite([.. Open(1), .. Open(2), .. Open(3)]).Count);
        // The turn's end, at which it begins to read.
        _loop.RunTurn(wait: false);
        Assert.Equal(2, answers.Asked);
        Turn();
        Assert.Equal(3, answers.Asked);
    }

    [Fact]
    public void TheLargestFrame_IsTakenAndOneByteMoreIsHostile()
    {
        var saw = new Largest();
        using var raw = Pair(saw, out var channel);
        byte[] frame = [.. BitConverter.GetBytes(FrameLimits.MaxPayload), 9, 0, .. new byte[FrameLimits.MaxPayload]];
        Assert.Equal(frame.Length, raw.TryWrite(frame).Count);
        Turn();
        Assert.Equal(FrameLimits.MaxPayload, saw.Payload);
        Assert.False(channel.IsClosed);
        Assert.Equal(6, raw.TryWrite([.. BitConverter.GetBytes(FrameLimits.MaxPayload + 1), 9, 0]).Count);
        Turn();
        Assert.True(channel.IsClosed && saw.Hostile);
    }

    public void Dispose() => _loop.Dispose();

    private static byte[] Open(byte transaction) => [4, 0, 0, 0, 10, 0, transaction, 0, 0, 0];

    private Connection Pair(IChannelEvents events, out Channel channel)
    {
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        channel = new Channel(_loop, second!, events);
        return new Connection(_loop, first!);
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    /// <summary>A peer that writes again whenever it was read, until it has sent so many frames.</summary>
    private sealed class Busy(int number, int frames, List<int> order) : IChannelEvents
    {
        private readonly ByteQueue _frames = new();
        private Connection? _raw;

        internal int Seen { get; private set; }

        internal void Begin(Connection raw)
        {
            _raw = raw;
            for (var i = 0; i < frames; i++)
            {
                var writer = new FrameWriter(_frames, ContentFrame.Type);
                new ContentFrame { Transaction = 1, Bytes = new byte[FrameLimits.MaxContent] }.Write(writer);
                writer.End();
            }

            Write();
        }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            Seen++;
            order.Add(number);
            Write();
            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile)
        {
        }

        private void Write() => _frames.Consume(_raw!.TryWrite(_frames.Span).Count);
    }

    private sealed class Answers(int length) : IChannelEvents
    {
        internal int Asked { get; private set; }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            Asked++;
            channel.Send(new ContentFrame { Transaction = 1, Bytes = new byte[length] });
            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile)
        {
        }
    }

    private sealed class Largest : IChannelEvents
    {
        internal int Payload { get; private set; }

        internal bool Hostile { get; private set; }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            Payload = reader.Left;
            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile) => Hostile = hostile;
    }
}
