using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Ipc.Tests;

/// <summary>posternd's own slice: what root takes from a program that has read a file of foreign syntax.</summary>
public sealed class SupervisorSliceTests
{
    [Fact]
    public void TheSlice_ComesBackAsItWas()
    {
        Assert.True(TryRead(Encode(Sample()), out var read));
        Assert.Equal(("/state", "/mail", "vmail", true, true), (read.State, read.MailboxRoot, read.MailboxUser, read.SystemUsers, read.Strict));
        Assert.Equal(["192.0.2.1:25", "[::1]:26"], read.Listeners.Select(one => one.Name));
        Assert.Equal([16, 28], read.Listeners.Select(one => one.Address.Length));
        Assert.Equal([false, true], read.Listeners.Select(one => one.IsForAcme));
        Assert.Equal(["[::1]:26"], read.OfAcme);
    }

    [Fact]
    public void ASliceCutAnywhere_IsRefused()
    {
        var whole = Encode(Sample());
        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.False(TryRead(whole[..length], out _), $"cut at {length}"));
        Assert.False(TryRead([.. whole, 0], out _));
    }

    [Fact]
    public void TheNumberAndTheFrameAroundIt_AreTheSlices()
    {
        var writer = new SliceWriter();
        writer.Add(new SupervisorSliceFrame(Sample()));
        var frames = new SliceReader(writer.Bytes);
        Assert.True(frames.TryNext(out var type, out var reader));
        Assert.Equal(100, type);
        Assert.True(SupervisorSliceFrame.TryRead(ref reader, out var read));
        Assert.Equal("/state", read.Slice.State);
        reader = new FrameReader([1]);
        Assert.False(SupervisorSliceFrame.TryRead(ref reader, out _));
    }

    [Theory]
    // A path: bound by root it would be a file anywhere.
    [InlineData("01002f746d702f78000000000000000000")]
    // The like under the family of a path, or as long as the other family is.
    [InlineData("01002f746d702f780000000000000000000000000000000000000000")]
    [InlineData("0a000019000000000000000000000000")]
    [InlineData("02000019000000000000000000000000000000000000000000000000")]
    // A family of which only the first byte is right.
    [InlineData("02010019c00002010000000000000000")]
    [InlineData("0a010019000000000000000000000000000000000000000000000000")]
    // Another family, an address cut short, one too long, none.
    [InlineData("1000001900000000000000000000000000000000000000000000000000")]
    [InlineData("02000019c000020100000000000000")]
    [InlineData("02000019c0000201000000000000000000")]
    [InlineData("")]
    public void AnAddressThatIsNoInternetAddress_IsRefused(string hex) =>
        Assert.False(TryRead(Encode(Sample() with { Listeners = [new ListenAddress("x", Convert.FromHexString(hex))] }), out _));

    [Theory]
    [InlineData("state")]
    [InlineData("")]
    public void APathThatIsNotAbsolute_IsRefused(string path)
    {
        Assert.False(TryRead(Encode(Sample() with { State = path }), out _));
        Assert.False(TryRead(Encode(Sample() with { MailboxRoot = path }), out _));
    }

    private static SupervisorSlice Sample() => new()
    {
        State = "/state",
        MailboxRoot = "/mail",
        MailboxUser = "vmail",
        SystemUsers = true,
        Strict = true,
        Listeners = [Place(IpAddress.FromBytes([192, 0, 2, 1]), 25), Place(IpAddress.Loopback6, 26) with { IsForAcme = true }],
    };

    private static ListenAddress Place(IpAddress address, ushort port)
    {
        var place = SocketAddress.Inet(address, port);
        return new ListenAddress(place.ToString(), place.ToKernel());
    }

    private static byte[] Encode(SupervisorSlice slice)
    {
        var queue = new ByteQueue();
        new SupervisorSliceFrame(slice).Write(FrameWriter.Fields(queue));
        return queue.Span.ToArray();
    }

    private static bool TryRead(byte[] bytes, out SupervisorSlice read)
    {
        var reader = new FrameReader(bytes);
        return SupervisorSlice.TryRead(ref reader, out read);
    }
}
