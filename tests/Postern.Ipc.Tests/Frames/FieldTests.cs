using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Ipc.Tests.Frames;

/// <summary>The reader and the writer of fields, where no frame reaches their limits; the queue's records use them, too.</summary>
public sealed class FieldTests
{
    [Fact]
    public void AfterAFault_EverythingIsEmpty()
    {
        var reader = new FrameReader([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Assert.True(reader.HasMore);
        Assert.False(reader.Flag());
        Assert.False(reader.HasMore);
        Assert.Equal((0, 0, 0u, 0UL, 0L), (reader.Byte(), reader.UInt16(), reader.UInt32(), reader.UInt64(), reader.Int64()));
        Assert.Equal((0, 0, 0, 0), (reader.Count(10), reader.Bytes(10).Length, reader.Rest(100).Length, reader.Next(1).Length));
        Assert.Equal("", reader.Text(10));
        Assert.Equal(10, reader.Left);
        Assert.False(reader.End());
    }

    [Fact]
    public void FieldsThatAreCut_AreEmpty()
    {
        var none = default(FrameReader);
        Assert.Equal(0, none.Byte());
        none = new FrameReader([1]);
        Assert.Equal(0, none.UInt16());
        none = new FrameReader([1, 2, 3]);
        Assert.Equal(0u, none.UInt32());
        none = new FrameReader([1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal(0UL, none.UInt64());
        Assert.False(none.HasMore);
        Assert.Equal(7, none.Left);
    }

    [Fact]
    public void WhatIsLeft_IsCounted()
    {
        var reader = new FrameReader([1, 2, 3]);
        Assert.Equal("\x01\x02"u8, reader.Next(2));
        Assert.Equal(1, reader.Left);
        Assert.True(reader.HasMore);
        Assert.Equal("\x03"u8, reader.Next(1));
        Assert.False(reader.HasMore);
        Assert.True(reader.End());
    }

    [Fact]
    public void ACount_IsAtMostItsMaximum()
    {
        var reader = new FrameReader([5, 0, 0, 0]);
        Assert.Equal(5, reader.Count(5));
        Assert.True(reader.End());
        reader = new FrameReader([6, 0, 0, 0]);
        Assert.Equal(0, reader.Count(5));
        Assert.False(reader.End());
        reader = new FrameReader([255, 255, 255, 255]);
        Assert.Equal(0, reader.Count(int.MaxValue));
        Assert.False(reader.End());
    }

    [Fact]
    public void AFrame_StandsBehindWhatWaitsAlready()
    {
        var queue = new ByteQueue();
        queue.Append([1, 2, 3]);
        var writer = new FrameWriter(queue, 0x0a0b);
        writer.Text("ü");
        writer.End();
        Assert.Equal([1, 2, 3, 4, 0, 0, 0, 0x0b, 0x0a, 2, 0, 0xc3, 0xbc], queue.Span.ToArray());
    }

    [Fact]
    public void AFrameLargerThanItsReceiverTakes_IsOurOwnBug()
    {
        var queue = new ByteQueue();
        var writer = new FrameWriter(queue, 1);
        writer.Rest(new byte[FrameLimits.MaxPayload]);
        writer.End();
        Assert.Equal(FrameLimits.MaxPayload, BitConverter.ToInt32(queue.Span));
        Assert.Throws<InvalidOperationException>(() =>
        {
            var larger = new FrameWriter(queue, 1);
            larger.Rest(new byte[FrameLimits.MaxPayload + 1]);
            larger.End();
        });
    }
}
