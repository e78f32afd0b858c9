using Postern.Ipc.Slices;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Tests;

/// <summary>The frames of a slice one after another: what a program takes of the file that posternd hands it.</summary>
public sealed class SliceWalkTests
{
    [Fact]
    public void FramesOfASlice_ComeInOrderAndThenTheEnd()
    {
        var writer = new SliceWriter();
        writer.Add(new DomainSlice { Domain = "a.test" });
        writer.Add(new LocalSlice { HostName = "" });
        var frames = new SliceReader(writer.Bytes);
        Assert.False(frames.AtEnd);
        Assert.True(frames.TryNext(out var type, out var reader));
        Assert.Equal(121, type);
        Assert.True(DomainSlice.TryRead(ref reader, out var domain));
        Assert.Equal("a.test", domain.Domain);
        Assert.False(frames.AtEnd);
        Assert.True(frames.TryNext(out type, out reader));
        Assert.Equal((150, 2), (type, reader.Left));
        Assert.True(frames.AtEnd);
        Assert.False(frames.TryNext(out type, out reader));
        Assert.Equal((0, 0), (type, reader.Left));
        Assert.True(frames.AtEnd);
    }

    [Fact]
    public void AFrameWithoutFields_IsOne()
    {
        var frames = new SliceReader([0, 0, 0, 0, 7, 1]);
        Assert.True(frames.TryNext(out var type, out var reader));
        Assert.Equal(263, type);
        Assert.True(reader.End());
        Assert.True(frames.AtEnd);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("0000000007")]
    [InlineData("020000000700aa")]
    [InlineData("ffffffff0700aa")]
    public void ARestThatIsNoFrame_IsLeftOver(string hex)
    {
        var frames = new SliceReader(Convert.FromHexString(hex));
        Assert.False(frames.TryNext(out _, out _));
        Assert.False(frames.AtEnd);
    }

    [Fact]
    public void AFrameOfTheLargestSize_IsTakenAndNoneBeyond()
    {
        var slice = new byte[FrameLimits.HeaderSize + FrameLimits.MaxPayload + 1];
        BitConverter.TryWriteBytes(slice, FrameLimits.MaxPayload);
        var frames = new SliceReader(slice);
        Assert.True(frames.TryNext(out _, out var reader));
        Assert.Equal(66_560, reader.Left);
        Assert.False(frames.AtEnd);
        BitConverter.TryWriteBytes(slice, FrameLimits.MaxPayload + 1);
        frames = new SliceReader(slice);
        Assert.False(frames.TryNext(out _, out _));
    }
}
