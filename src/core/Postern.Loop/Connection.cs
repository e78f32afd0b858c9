using System.Runtime.CompilerServices;
using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.Loop;

/// <summary>A byte stream over a socket, awaited on the loop's own thread.</summary>
/// <remarks>
/// One reader and one writer at a time. A deadline covers every operation that is waiting when it passes; it is the
/// session's to move. Reads try first and wait only when nothing is there.
/// </remarks>
public sealed class Connection : WatchedDescriptor
{
    private readonly Signal _readable = new();
    private readonly Signal _writable = new();
    private LoopTimer? _deadline;
    private bool _watchesWriting;
    private bool _expired;

    // True when the last read took all that was there: until the kernel reports more, another would be in vain.
    private bool _isDrained;

    // True once the end was reported: it may have come with the last bytes, and is not reported again.
    private bool _isEnding;

    /// <summary>Takes over a connected non-blocking socket.</summary>
    public Connection(EventLoop loop, Descriptor descriptor)
        : base(loop, descriptor) => StartWatching(Readiness.Readable | Readiness.PeerEnded);

    /// <summary>Called once when the kernel says that the peer sends no more; what it sent before may still be there.</summary>
    public Action? PeerEnded { get; set; }

    /// <summary>Begins a connection and waits until it stands.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="peer">Where to.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <returns>The connection, or the errno (ETIMEDOUT after the time).</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<(Connection? Connection, int Error)> OpenAsync(EventLoop loop, SocketAddress peer, TimeSpan timeout)
    {
        var begun = Socket.StartConnect(peer, out var descriptor);
        if (begun.Failed && begun.Error != Errno.InProgress)
        {
            return (null, begun.Error);
        }

        var connection = new Connection(loop, descriptor!);
        if (begun.Error == Errno.InProgress)
        {
            connection.SetDeadline(timeout);
            var ready = await connection.WaitWritableAsync();
            if (ready != IoStatus.Done)
            {
                connection.Dispose();
                return (null, ready == IoStatus.TimedOut ? Errno.TimedOut : Errno.ConnectionAborted);
            }

            var outcome = Socket.FinishConnect(connection.Number);
            if (outcome.Failed)
            {
                connection.Dispose();
                return (null, outcome.Error);
            }
        }

        return (connection, 0);
    }

    /// <summary>Sets the moment after which waiting operations end with <see cref="IoStatus.TimedOut"/>.</summary>
    public void SetDeadline(TimeSpan fromNow)
    {
        _expired = false;
        (_deadline ??= Loop.CreateTimer(OnDeadline)).Set(fromNow);
    }

    /// <summary>Removes the deadline.</summary>
    public void ClearDeadline()
    {
        _expired = false;
        _deadline?.Unset();
    }

    /// <summary>Waits until something can be read, without holding a buffer meanwhile.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<IoStatus> WaitReadableAsync() =>
        IsClosed ? IoStatus.Broken : _expired ? IoStatus.TimedOut : Judge(await _readable.WaitAsync());

    /// <summary>Reads what is there without waiting; <see cref="IoStatus.Done"/> with 0 bytes means: nothing yet.</summary>
    public IoResult TryRead(Span<byte> buffer)
    {
        if (IsClosed)
        {
            return new IoResult(IoStatus.Broken, 0);
        }

        if (_isDrained)
        {
            return new IoResult(IoStatus.Done, 0);
        }

        var result = Socket.Receive(Number, buffer);
        _isDrained = !_isEnding && (result.WouldBlock || (result.Value > 0 && result.Value < buffer.Length));
        return result.WouldBlock ? new IoResult(IoStatus.Done, 0)
            : result.Failed ? new IoResult(IoStatus.Broken, 0)
            : result.Value == 0 ? new IoResult(IoStatus.Ended, 0)
            : new IoResult(IoStatus.Done, result.Value);
    }

    /// <summary>Reads at least one byte, waiting for it if need be.</summary>
    /// <param name="buffer">Not empty.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<IoResult> ReadAsync(Memory<byte> buffer)
    {
        while (true)
        {
            var result = TryRead(buffer.Span);
            if (result.Status != IoStatus.Done || result.Count > 0)
            {
                return result;
            }

            var ready = await WaitReadableAsync();
            if (ready != IoStatus.Done)
            {
                return new IoResult(ready, 0);
            }
        }
    }

    /// <summary>Sends what the kernel takes now; 0 when it takes nothing.</summary>
    public IoResult TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed)
        {
            return new IoResult(IoStatus.Broken, 0);
        }

        var result = Socket.Send(Number, bytes);
        return result.WouldBlock ? new IoResult(IoStatus.Done, 0)
            : result.Failed ? new IoResult(IoStatus.Broken, 0)
            : new IoResult(IoStatus.Done, result.Value);
    }

    /// <summary>Sends all bytes.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<IoStatus> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            var result = TryWrite(bytes.Span);
            if (result.Status != IoStatus.Done)
            {
                return result.Status;
            }

            bytes = bytes[result.Count..];
            if (bytes.IsEmpty)
            {
                return IoStatus.Done;
            }

            var ready = await WaitWritableAsync();
            if (ready != IoStatus.Done)
            {
                return ready;
            }
        }
    }

    /// <summary>Waits until the kernel takes bytes again.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<IoStatus> WaitWritableAsync()
    {
        if (IsClosed)
        {
            return IoStatus.Broken;
        }

        if (!_watchesWriting)
        {
            _watchesWriting = true;
            _ = Loop.Change(this, Readiness.Readable | Readiness.PeerEnded | Readiness.Writable);
        }

        return _expired ? IoStatus.TimedOut : Judge(await _writable.WaitAsync());
    }

    /// <summary>Says that nothing more will be sent; reading goes on.</summary>
    public void EndSending()
    {
        if (!IsClosed)
        {
            _ = Socket.EndSending(Number);
        }
    }

    internal override void OnReady(Readiness ready)
    {
        // A broken connection wakes both sides: the next call tells each of them what happened.
        const Readiness Over = Readiness.Error | Readiness.HangUp;
        if ((ready & (Readiness.Writable | Over)) != 0)
        {
            _writable.Set();
        }

        if (!IsClosed && (ready & (Readiness.Readable | Readiness.PeerEnded | Over)) != 0)
        {
            _isDrained = false;
            if (!_isEnding && (ready & (Readiness.PeerEnded | Over)) != 0)
            {
                _isEnding = true;
                PeerEnded?.Invoke();
            }

            _readable.Set();
        }
    }

    private protected override void OnClosed()
    {
        _deadline?.Unset();
        _readable.Cancel();
        _writable.Cancel();
    }

    private void OnDeadline()
    {
        _expired = true;
        _readable.Cancel();
        _writable.Cancel();
    }

    private IoStatus Judge(bool signalled) =>
        IsClosed ? IoStatus.Broken : signalled ? IoStatus.Done : _expired ? IoStatus.TimedOut : IoStatus.Broken;
}
