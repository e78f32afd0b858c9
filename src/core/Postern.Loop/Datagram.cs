using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.Loop;

/// <summary>A UDP socket connected to one peer: what others send never arrives.</summary>
public sealed class Datagram : WatchedDescriptor
{
    private readonly Signal _readable = new();
    private readonly LoopTimer _deadline;
    private bool _expired;

    private Datagram(EventLoop loop, Descriptor descriptor)
        : base(loop, descriptor)
    {
        _deadline = loop.CreateTimer(OnDeadline);
        StartWatching(Readiness.Readable);
    }

    /// <summary>Opens one on a fresh port of the kernel's choice.</summary>
    /// <returns>The socket, or the errno.</returns>
    public static (Datagram? Socket, int Error) Open(EventLoop loop, SocketAddress peer)
    {
        var result = Socket.OpenDatagram(peer, out var descriptor);
        return result.Failed ? (null, result.Error) : (new Datagram(loop, descriptor!), 0);
    }

    /// <summary>Sends one datagram; false when the kernel refused it.</summary>
    public bool Send(ReadOnlySpan<byte> bytes) => !IsClosed && !Socket.Send(Number, bytes).Failed;

    /// <summary>Sets how long the next receives may wait in all.</summary>
    public void SetDeadline(TimeSpan fromNow)
    {
        _expired = false;
        _deadline.Set(fromNow);
    }

    /// <summary>Receives one datagram; <see cref="IoStatus.Broken"/> after a refusal by the peer's host.</summary>
    public async ValueTask<IoResult> ReceiveAsync(Memory<byte> buffer)
    {
        while (!IsClosed)
        {
            var result = Socket.Receive(Number, buffer.Span);
            if (!result.WouldBlock)
            {
                return result.Failed ? new IoResult(IoStatus.Broken, 0) : new IoResult(IoStatus.Done, result.Value);
            }

            if (_expired || !await _readable.WaitAsync())
            {
                return new IoResult(_expired ? IoStatus.TimedOut : IoStatus.Broken, 0);
            }
        }

        return new IoResult(IoStatus.Broken, 0);
    }

    internal override void OnReady(Readiness ready) => _readable.Set();

    private protected override void OnClosed()
    {
        _deadline.Unset();
        _readable.Cancel();
    }

    private void OnDeadline()
    {
        _expired = true;
        _readable.Cancel();
    }
}
