using Postern.Posix.Sockets;

namespace Postern.Loop.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public void BytesThatArriveLater_WakeTheReader()
    {
        using var pair = new ConnectedPair();
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.Turn();
        Assert.False(read.IsCompleted);

        Assert.Equal(3, pair.Second.TryWrite("abc"u8).Count);
        Assert.Equal(new IoResult(IoStatus.Done, 3), pair.TurnUntil(read));
    }

    [Fact]
    public void PeerThatCloses_EndsTheReader()
    {
        using var pair = new ConnectedPair();
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.Second.Dispose();
        Assert.Equal(IoStatus.Ended, pair.TurnUntil(read).Status);
    }

    [Fact]
    public void ConnectionClosedHere_WakesItsOwnReader()
    {
        using var pair = new ConnectedPair();
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.First.Dispose();
        Assert.Equal(IoStatus.Broken, pair.TurnUntil(read).Status);
    }

    [Fact]
    public void DeadlineThatPasses_EndsTheReader()
    {
        using var pair = new ConnectedPair();
        pair.First.SetDeadline(TimeSpan.FromSeconds(30));
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.Clock.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal(IoStatus.TimedOut, pair.TurnUntil(read).Status);
    }

    [Fact]
    public void DeadlineThatIsSetAnew_LetsTheReaderWaitOn()
    {
        using var pair = new ConnectedPair();
        pair.First.SetDeadline(TimeSpan.FromSeconds(30));
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.First.SetDeadline(TimeSpan.FromSeconds(90));
        pair.Clock.Pass(TimeSpan.FromSeconds(31));
        pair.Turn();
        Assert.False(read.IsCompleted);
        _ = pair.Second.TryWrite("x"u8);
        Assert.Equal(1, pair.TurnUntil(read).Count);
    }

    [Fact]
    public void MoreThanTheKernelTakes_IsSentWhenThePeerReads()
    {
        using var pair = new ConnectedPair();
        var sent = new byte[4 * 1024 * 1024];
        new Random(7).NextBytes(sent);
        var write = pair.First.WriteAsync(sent).AsTask();
        pair.Turn();
        Assert.False(write.IsCompleted);

        var received = new byte[sent.Length];
        var length = 0;
        while (length < sent.Length)
        {
            var result = pair.Second.TryRead(received.AsSpan(length));
            length += result.Count;
            pair.Turn();
        }

        Assert.Equal(IoStatus.Done, pair.TurnUntil(write));
        Assert.Equal(sent, received);
    }

    [Fact]
    public void ConnectionToAnOpenPort_Stands()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenListener(SocketAddress.Inet(Text.IpAddress.Loopback4, 0), out var listening).Failed);
        var address = Socket.LocalAddress(listening!.Number);
        Postern.Posix.Descriptor? accepted = null;
        using var listener = new Listener(loop, listening, (connection, _) => accepted = connection, _ => { });
        var opening = Connection.OpenAsync(loop, address, TimeSpan.FromSeconds(10)).AsTask();
        var opened = ConnectedPair.TurnUntil(loop, opening);
        while (accepted is null)
        {
            loop.RunTurn(wait: true);
        }

        Assert.Equal(0, opened.Error);
        opened.Connection!.Dispose();
        accepted.Dispose();
    }

    [Fact]
    public void ConnectionToAClosedPort_IsRefused()
    {
        using var loop = new EventLoop(TimeProvider.System);
        Assert.False(Socket.OpenListener(SocketAddress.Inet(Text.IpAddress.Loopback4, 0), out var listening).Failed);
        var address = Socket.LocalAddress(listening!.Number);
        listening.Dispose();
        var opening = Connection.OpenAsync(loop, address, TimeSpan.FromSeconds(10)).AsTask();
        Assert.Equal(Posix.Errno.ConnectionRefused, ConnectedPair.TurnUntil(loop, opening).Error);
    }

    [Fact]
    public void EndThatComesWithTheLastBytes_IsFound()
    {
        // One report tells both; there is no second one to wait for.
        using var pair = new ConnectedPair();
        var read = pair.First.ReadAsync(new byte[16]).AsTask();
        pair.Turn();
        _ = pair.Second.TryWrite("last"u8);
        pair.Second.Dispose();
        Assert.Equal(4, pair.TurnUntil(read).Count);
        Assert.Equal(IoStatus.Ended, pair.TurnUntil(pair.First.ReadAsync(new byte[16]).AsTask()).Status);
    }

    [Fact]
    public void EndThatComesAfterAShortRead_IsFound()
    {
        using var pair = new ConnectedPair();
        _ = pair.Second.TryWrite("last"u8);
        Assert.Equal(4, pair.TurnUntil(pair.First.ReadAsync(new byte[16]).AsTask()).Count);
        pair.Second.Dispose();
        Assert.Equal(IoStatus.Ended, pair.TurnUntil(pair.First.ReadAsync(new byte[16]).AsTask()).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void BytesInPieces_AllArriveHoweverTheyAreRead(int room)
    {
        using var pair = new ConnectedPair();
        var buffer = new byte[room];
        var received = 0;
        for (var round = 0; round < 50; round++)
        {
            var sent = pair.Second.TryWrite(new byte[round]).Count;
            if (round % 3 == 0) pair.Turn();
            for (var left = sent; left > 0;)
            {
                var result = pair.TurnUntil(pair.First.ReadAsync(buffer).AsTask());
                Assert.True(result.IsDone);
                left -= result.Count;
                received += result.Count;
            }
        }

        Assert.Equal(49 * 50 / 2, received);
    }
}
