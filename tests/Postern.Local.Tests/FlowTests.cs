using Postern.Ipc.Wire;

namespace Postern.Local.Tests;

/// <summary>Content of any size in constant memory: what goes in is granted as the slowest deliver takes it.</summary>
public sealed class FlowTests : IDisposable
{
    private const int Piece = FrameLimits.MaxContent;
    private const int Window = FrameLimits.ContentWindow;

    private readonly LocalHarness _local = new();
    private readonly byte[] _content = new byte[10 * Piece];

    public FlowTests()
    {
        _local.Directory.System("alice@a.test", "alice");
        _local.Directory.System("bob@a.test", "bob");
        for (var i = 0; i < _content.Length; i++)
        {
            _content[i] = (byte)(i * 7 / 5 % 251);
        }
    }

    public void Dispose() => _local.Dispose();

    [Fact]
    public void ContentBeforeTheDeliverIsThere_IsKeptWithinTheWindow()
    {
        Begin("alice@a.test");
        SendPieces(0, 4);
        Assert.Equal(0, _local.Queue.Granted);
        var alice = _local.StartDeliver();
        Assert.Equal(_content[..Window], alice.ContentOf(1));
        Assert.Equal(Window, _local.Queue.Granted);
    }

    [Fact]
    public void Grants_FollowTheSlowestDeliver()
    {
        Begin("alice@a.test", "bob@a.test");
        var alice = _local.StartDeliver(1);
        var bob = _local.StartDeliver(2);
        SendPieces(0, 4);
        // Both had room for a window.
        Assert.Equal(Window, _local.Queue.Granted);
        SendPieces(4, 8);
        Assert.Equal(Window, _local.Queue.Granted);
        alice.Grant(1, Window);
        _local.Turn();
        Assert.Equal(2 * Window, alice.ContentOf(1).Length);
        Assert.Equal(Window, bob.ContentOf(1).Length);
        Assert.Equal(Window, _local.Queue.Granted);
        bob.Grant(1, 1000);
        _local.Turn();
        Assert.Equal(Window + 1000, _local.Queue.Granted);
        bob.Grant(1, Window - 1000);
        alice.Grant(1, 3 * Piece);
        bob.Grant(1, 3 * Piece);
        _local.Turn();
        SendPieces(8, 10);
        _local.Queue.End(1);
        _local.Turn();
        Assert.Equal(_content, alice.ContentOf(1));
        Assert.Equal(_content, bob.ContentOf(1));
        Assert.Equal("1 end", alice.Heard[^1]);
        Assert.Equal("1 end", bob.Heard[^1]);
        Assert.Equal(_content.Length, _local.Queue.Granted);
    }

    [Fact]
    public void DeliverThatIsDoneEarly_DoesNotHoldTheOthersBack()
    {
        Begin("alice@a.test", "bob@a.test");
        var alice = _local.StartDeliver(1);
        var bob = _local.StartDeliver(2);
        SendPieces(0, 4);
        SendPieces(4, 5);
        bob.Result(1, 1, Mail.DeliveryResult.Temporary(Mail.EnhancedStatus.SystemFull, Mail.FaultOf.World, "full"u8));
        bob.End(1);
        alice.Grant(1, Piece);
        _local.Turn();
        Assert.Equal(5 * Piece, alice.ContentOf(1).Length);
        Assert.Equal(5 * Piece, _local.Queue.Granted);
    }

    [Fact]
    public void AttemptThatIsOverEarly_EndsWhileContentComes()
    {
        Begin("alice@a.test");
        var alice = _local.StartDeliver();
        SendPieces(0, 2);
        alice.Result(1, 0, Mail.DeliveryResult.Temporary(Mail.EnhancedStatus.SystemFull, Mail.FaultOf.World, "full"u8));
        alice.End(1);
        _local.Turn();
        Assert.Equal(["1.0 Temporary 4.3.1", "1 end"], _local.Queue.Heard);
        SendPieces(2, 4);
        _local.Queue.End(1);
        _local.Turn();
        Assert.False(_local.Queue.Ended);
    }

    [Fact]
    public void GrantBeyondTheWindow_IsCutToIt()
    {
        Begin("alice@a.test");
        var alice = _local.StartDeliver();
        alice.Grant(1, uint.MaxValue);
        _local.Turn();
        SendPieces(0, 4);
        SendPieces(4, 8);
        Assert.Equal(Window, alice.ContentOf(1).Length);
    }

    [Fact]
    public void MoreThanTheWindow_EndsTheChannel()
    {
        Begin("alice@a.test");
        // A window, and the piece with which the queue oversteps it, are taken.
        SendPieces(0, 5);
        Assert.False(_local.Queue.Ended);
        SendPieces(5, 6);
        Assert.True(_local.Queue.Ended);
    }

    [Fact]
    public void ContentCutAnywhere_ArrivesAsItWas()
    {
        for (var cut = 0; cut <= 20; cut++)
        {
            using var local = new LocalHarness();
            local.Directory.System("alice@a.test", "alice");
            local.Queue.Start(1, 20);
            local.Queue.Recipient(1, 0, "alice@a.test");
            local.Queue.Content(1, _content.AsSpan(0, cut));
            local.Queue.Ready(1);
            local.Turn();
            var alice = local.StartDeliver();
            local.Queue.Content(1, _content.AsSpan(cut, 20 - cut));
            local.Queue.End(1);
            local.Turn();
            Assert.Equal(_content[..20], alice.ContentOf(1));
            Assert.Equal("1 end", alice.Heard[^1]);
        }
    }

    private void Begin(params string[] addresses)
    {
        _local.Queue.Start(1, _content.Length);
        for (var i = 0; i < addresses.Length; i++)
        {
            _local.Queue.Recipient(1, (uint)i, addresses[i]);
        }

        _local.Queue.Ready(1);
        _local.Turn();
    }

    private void SendPieces(int from, int to)
    {
        for (var piece = from; piece < to; piece++)
        {
            _local.Queue.Content(1, _content.AsSpan(piece * Piece, Piece));
        }

        _local.Turn();
    }
}
