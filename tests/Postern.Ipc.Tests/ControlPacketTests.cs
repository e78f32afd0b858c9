using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Ipc.Tests;

/// <summary>The packets between posternd and a program: root reads them, so there is one shape and nothing to spare.</summary>
public sealed class ControlPacketTests : IDisposable
{
    private static readonly ControlPacket[] _legal =
    [
        new(ControlKind.Slice),
        new(ControlKind.Listener, 65535),
        new(ControlKind.Peer, Detail: (byte)ProgramName.Bounce),
        new(ControlKind.Start),
        new(ControlKind.Stop),
        new(ControlKind.Ready),
        new(ControlKind.Ready, (uint)Walls.All),
        new(ControlKind.Start, 1),
        new(ControlKind.DeliverRequest, uint.MaxValue, User: new string('u', ControlPacket.MaxUser)),
        new(ControlKind.DeliverRequest, 1),
        new(ControlKind.DeliverAnswer, 1, (byte)DeliverStart.Unavailable),
        new(ControlKind.RetireListener, 7),
    ];

    private readonly Descriptor _ours;
    private readonly Descriptor _theirs;

    public ControlPacketTests()
    {
        Assert.False(Socket.OpenPair(packets: true, out var ours, out var theirs).Failed);
        (_ours, _theirs) = (ours!, theirs!);
    }

    [Fact]
    public void EveryPacket_ComesBackAsItWas()
    {
        foreach (var packet in _legal)
        {
            Assert.False(packet.Send(_ours.Number).Failed);
            Assert.True(ControlPacket.Receive(_theirs.Number, out var read, out var passed));
            Assert.Equal((packet, null), (read, passed));
        }

        Assert.Null(ControlPacket.Receive(_theirs.Number, out _, out _));
    }

    [Fact]
    public void TheDetail_IsAProgramOrAnOutcome()
    {
        Assert.Equal(ProgramName.Bounce, new ControlPacket(ControlKind.Peer, Detail: 8).Peer);
        Assert.Equal(DeliverStart.Forbidden, new ControlPacket(ControlKind.DeliverAnswer, 1, 2).Outcome);
    }

    [Fact]
    public void APacketThatIsLookedAt_StaysThere()
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        using (file)
        {
            Assert.False(MemoryFile.Append(file!.Number, "content"u8).Failed);
            Assert.False(new ControlPacket(ControlKind.Slice).Send(_ours.Number, file).Failed);
        }

        foreach (var peek in new[] { true, true, false })
        {
            Assert.True(ControlPacket.Receive(_theirs.Number, out var read, out var passed, peek));
            using (passed)
            {
                Assert.Equal(new ControlPacket(ControlKind.Slice), read);
                Assert.False(MemoryFile.ReadAll(passed!.Number, 100, out var content).Failed);
                Assert.Equal("content"u8, content);
            }
        }

        Assert.Null(ControlPacket.Receive(_theirs.Number, out _, out _));
    }

    [Fact]
    public void ADescriptor_RidesAlong()
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        using (file)
        {
            Assert.False(MemoryFile.Append(file!.Number, "content"u8).Failed);
            Assert.False(new ControlPacket(ControlKind.Slice).Send(_ours.Number, file).Failed);
        }

        Assert.True(ControlPacket.Receive(_theirs.Number, out _, out var passed));
        using (passed)
        {
            Assert.False(MemoryFile.ReadAll(passed!.Number, 100, out var content).Failed);
            Assert.Equal("content"u8, content);
        }
    }

    [Fact]
    public void APacketCutAnywhereOrTooLong_IsRefused()
    {
        foreach (var packet in _legal)
        {
            var bytes = Bytes(packet);
            Assert.True(ControlPacket.TryRead(bytes, out _));
            Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.False(ControlPacket.TryRead(bytes.AsSpan(0, length), out _), $"{packet} cut at {length}"));
            Assert.False(ControlPacket.TryRead([.. bytes, 0], out _), $"{packet} and a byte");
        }
    }

    [Theory]
    // No kind, and one that nobody knows.
    [InlineData("00 00000000 00 0000")]
    [InlineData("0a 00000000 00 0000")]
    // Fields that the kind does not use.
    [InlineData("05 01000000 00 0000")]
    [InlineData("01 01000000 00 0000")]
    [InlineData("03 01000000 02 0000")]
    [InlineData("06 00000000 01 0000")]
    [InlineData("06 00000000 00 0100 61")]
    [InlineData("07 00000000 01 0000")]
    // A program and an outcome that do not exist.
    [InlineData("03 00000000 0c 0000")]
    [InlineData("08 00000000 04 0000")]
    // A user's name with a line end, and one that is too long for useradd.
    [InlineData("07 00000000 00 0200 610a")]
    [InlineData("07 00000000 00 2100 616161616161616161616161616161616161616161616161616161616161616161")]
    public void ForeignBytes_AreRefused(string hex) =>
        Assert.False(ControlPacket.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));

    [Fact]
    public void AChannelThatIsOver_IsNotMistakenForASilentOne()
    {
        _ours.Dispose();
        Assert.False(ControlPacket.Receive(_theirs.Number, out _, out _));
    }

    [Fact]
    public void AReaderThatStopped_MakesSendingFail()
    {
        CallResult sent;
        do
        {
            sent = new ControlPacket(ControlKind.Ready).Send(_ours.Number);
        }
        while (!sent.Failed);
        Assert.True(sent.WouldBlock);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    private byte[] Bytes(ControlPacket packet)
    {
        Assert.False(packet.Send(_ours.Number).Failed);
        var buffer = new byte[100];
        return buffer[..PacketSocket.Receive(_theirs.Number, buffer, out _).Value];
    }
}
