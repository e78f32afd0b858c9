using Postern.Posix.Sockets;

namespace Postern.Posix.Tests.Sockets;

/// <summary>Packets with descriptors: as many as were meant, none left open, none invented.</summary>
public sealed class PacketSocketTests : IDisposable
{
    private readonly Descriptor _ours;
    private readonly Descriptor _theirs;

    public PacketSocketTests()
    {
        Assert.False(Socket.OpenPair(packets: true, out var ours, out var theirs).Failed);
        (_ours, _theirs) = (ours!, theirs!);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public void TwoDescriptors_ArriveInTheirOrder()
    {
        using var first = new StreamPair();
        using var second = new StreamPair();
        Assert.Equal(3, PacketSocket.Send(_ours.Number, "abc"u8, first.Given, second.Given).Value);
        var buffer = new byte[8];
        Assert.Equal(3, PacketSocket.Receive(_theirs.Number, buffer, out var one, out var two).Value);
        using (one)
        using (two)
        {
            Assert.Equal("abc"u8.ToArray(), buffer[..3]);
            Assert.Equal("1", first.SayThrough(one!, "1"));
            Assert.Equal("2", second.SayThrough(two!, "2"));
        }
    }

    [Fact]
    public void OneDescriptor_IsTheFirst()
    {
        using var pair = new StreamPair();
        _ = PacketSocket.Send(_ours.Number, "a"u8, pair.Given);
        Assert.Equal(1, PacketSocket.Receive(_theirs.Number, new byte[8], out var one, out var two).Value);
        using (one)
        {
            Assert.NotNull(one);
            Assert.Null(two);
        }
    }

    [Fact]
    public void NoDescriptor_IsNone()
    {
        _ = PacketSocket.Send(_ours.Number, "a"u8, null);
        Assert.Equal(1, PacketSocket.Receive(_theirs.Number, new byte[8], out var one, out var two).Value);
        Assert.Null(one);
        Assert.Null(two);
    }

    [Fact]
    public void SecondDescriptorThatNobodyAskedFor_IsClosedAndTheFirstAsWell()
    {
        // Else whoever may send to posternd could fill its table of descriptors.
        using var first = new StreamPair();
        using var second = new StreamPair();
        _ = PacketSocket.Send(_ours.Number, "a"u8, first.Given, second.Given);
        Assert.Equal(Errno.InvalidArgument, PacketSocket.Receive(_theirs.Number, new byte[8], out var one).Error);
        Assert.Null(one);
        Assert.True(first.HasNoOtherEnd);
        Assert.True(second.HasNoOtherEnd);
    }

    // Closing what nobody asked for can hang for as long as its sender likes.
    [Fact]
    public void DescriptorsThatAreRefused_AreTheSendersFailure()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 16), "this kernel can't refuse descriptors");
        using var pair = new StreamPair();
        Socket.RefuseRights(_theirs.Number);
        Assert.Equal(Errno.NotPermitted, PacketSocket.Send(_ours.Number, "a"u8, pair.Given).Error);
        Assert.Equal(1, PacketSocket.Send(_ours.Number, "b"u8, null).Value);
        // The other direction is the other end's to refuse.
        Assert.Equal(1, PacketSocket.Send(_theirs.Number, "c"u8, pair.Given).Value);
    }

    [Fact]
    public void StreamsAndLocalListeners_RefuseDescriptors()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 16), "this kernel can't refuse descriptors");
        using var pair = new StreamPair();
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        var folder = Directory.CreateTempSubdirectory("postern");
        Assert.False(Socket.OpenListener(SocketAddress.Unix(Path.Join(folder.FullName, "s")), out var listener).Failed);
        Assert.False(Socket.StartConnect(SocketAddress.Unix(Path.Join(folder.FullName, "s")), out var client).Failed);
        using (first)
        using (second)
        using (listener)
        using (client)
        {
            Assert.Equal(Errno.NotPermitted, PacketSocket.Send(first!.Number, "a"u8, pair.Given).Error);
            Assert.Equal(Errno.NotPermitted, PacketSocket.Send(second!.Number, "a"u8, pair.Given).Error);
            // Before it is accepted, and after.
            Assert.Equal(Errno.NotPermitted, PacketSocket.Send(client!.Number, "a"u8, pair.Given).Error);
            Assert.False(Socket.Accept(listener!.Number, out var connection, out _).Failed);
            using (connection) Assert.Equal(Errno.NotPermitted, PacketSocket.Send(client.Number, "a"u8, pair.Given).Error);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void PacketThatDoesNotFit_LeavesNoDescriptorOpen()
    {
        using var first = new StreamPair();
        using var second = new StreamPair();
        _ = PacketSocket.Send(_ours.Number, "too long"u8, first.Given, second.Given);
        Assert.Equal(Errno.InvalidArgument, PacketSocket.Receive(_theirs.Number, new byte[4], out var one, out var two).Error);
        Assert.Null(one);
        Assert.Null(two);
        Assert.True(first.HasNoOtherEnd);
        Assert.True(second.HasNoOtherEnd);
    }

    [Fact]
    public void PeekedPacket_StaysThere()
    {
        using var pair = new StreamPair();
        _ = PacketSocket.Send(_ours.Number, "a"u8, pair.Given, pair.Given);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(1, PacketSocket.Receive(_theirs.Number, new byte[8], out var one, out var two, peek: i == 0).Value);
            Assert.NotNull(one);
            Assert.NotNull(two);
            one.Dispose();
            two.Dispose();
        }
    }

    /// <summary>A stream whose one end is given away.</summary>
    private sealed class StreamPair : IDisposable
    {
        private readonly Descriptor _kept;

        public StreamPair()
        {
            Assert.False(Socket.OpenPair(packets: false, out var kept, out var given).Failed);
            (_kept, Given) = (kept!, given!);
        }

        public Descriptor Given { get; }

        /// <summary>True when no process has the other end open, once ours is closed.</summary>
        public bool HasNoOtherEnd
        {
            get
            {
                Given.Dispose();
                return Socket.Receive(_kept.Number, new byte[1]) is { Failed: false, Value: 0 };
            }
        }

        public string SayThrough(Descriptor duplicate, string text)
        {
            Assert.False(Socket.Send(duplicate.Number, System.Text.Encoding.ASCII.GetBytes(text)).Failed);
            var buffer = new byte[8];
            return System.Text.Encoding.ASCII.GetString(buffer, 0, Socket.Receive(_kept.Number, buffer).Value);
        }

        public void Dispose()
        {
            _kept.Dispose();
            Given.Dispose();
        }
    }
}
