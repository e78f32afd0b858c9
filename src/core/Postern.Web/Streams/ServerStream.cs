using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Tls.Sessions;

namespace Postern.Web.Streams;

/// <summary>The bytes to and from a server: as they are, and from some moment on within TLS.</summary>
public sealed class ServerStream(Connection connection) : IDisposable
{
    private TlsSession? _tls;

    // Set before there is a session: it may be that none can be made.
    private bool _hasBegunTls;

    // OpenSSL may have to write before it can read on, to answer a change of keys.
    private bool _readingWantsWrite;

    /// <summary>True when nothing can be sent or read any more.</summary>
    public bool IsClosed => connection.IsClosed;

    /// <summary>True when TLS was begun and came to nothing: the connection is good for nothing any more, and another one might do without.</summary>
    public bool HasLostTls => _hasBegunTls && Facts is null;

    /// <summary>What was agreed; null in the clear.</summary>
    public TlsFacts? Facts => _tls?.Facts;

    /// <inheritdoc cref="Connection.SetDeadline"/>
    public void SetDeadline(TimeSpan fromNow) => connection.SetDeadline(fromNow);

    /// <summary>Begins TLS. Whatever it finds out about the server, the caller judges.</summary>
    /// <returns>What was agreed; or why there is no session, and then the connection is good for nothing.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<(TlsFacts? Facts, string? Failure)> BeginTlsAsync(TlsClient client, TlsExpectation expectation, TimeSpan within)
    {
        var isOver = false;
        try
        {
            var agreed = await ShakeHandsAsync(client, expectation, within);
            isOver = true;
            return agreed;
        }
        finally
        {
            // After a bug of ours nobody goes on with it, and the server must not wait for that.
            if (!isOver)
            {
                Dispose();
            }
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<(TlsFacts? Facts, string? Failure)> ShakeHandsAsync(TlsClient client, TlsExpectation expectation, TimeSpan within)
    {
        _hasBegunTls = true;
        try
        {
            _tls = new TlsSession(client, expectation, connection.Number);
        }
        catch (InvalidOperationException unfit)
        {
            return (null, unfit.Message);
        }

        connection.SetDeadline(within);
        while (true)
        {
            if (connection.IsClosed)
            {
                return (null, "the connection was given up");
            }

            var status = _tls.Handshake();
            if (status == TlsStatus.Done)
            {
                return (_tls.Facts, null);
            }

            var ready = status switch
            {
                TlsStatus.WantsRead => await connection.WaitReadableAsync(),
                TlsStatus.WantsWrite => await connection.WaitWritableAsync(),
                _ => IoStatus.Broken,
            };
            if (ready != IoStatus.Done)
            {
                return (null, ready == IoStatus.TimedOut ? "it took too long" : _tls.Failure?.Reason ?? "the connection broke");
            }
        }
    }

    /// <inheritdoc cref="Connection.TryRead"/>
    public IoResult TryRead(Span<byte> buffer)
    {
        if (_tls is null || connection.IsClosed)
        {
            return connection.TryRead(buffer);
        }

        var read = _tls.Read(buffer);
        _readingWantsWrite = read.Status == TlsStatus.WantsWrite;
        return read.Status switch
        {
            TlsStatus.Done => new IoResult(IoStatus.Done, read.Count),
            TlsStatus.WantsRead or TlsStatus.WantsWrite => new IoResult(IoStatus.Done, 0),
            TlsStatus.Ended => new IoResult(IoStatus.Ended, 0),
            // Cut off: what came before may be half.
            _ => new IoResult(IoStatus.Broken, 0),
        };
    }

    /// <inheritdoc cref="Connection.WaitReadableAsync"/>
    public ValueTask<IoStatus> WaitReadableAsync() => _readingWantsWrite ? connection.WaitWritableAsync() : connection.WaitReadableAsync();

    /// <inheritdoc cref="Connection.WriteAsync"/>
    public ValueTask<IoStatus> WriteAsync(ReadOnlyMemory<byte> bytes) => _tls is null ? connection.WriteAsync(bytes) : WriteTlsAsync(bytes);

    /// <summary>Says a last word, if it is taken at once, and that it was the last.</summary>
    public void SayLast(ReadOnlySpan<byte> bytes)
    {
        if (_tls is null)
        {
            _ = connection.TryWrite(bytes);
        }
        else if (!connection.IsClosed && _tls.Write(bytes).Status == TlsStatus.Done)
        {
            _ = _tls.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // First the session, which writes to the socket.
        _tls?.Dispose();
        connection.Dispose();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<IoStatus> WriteTlsAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (connection.IsClosed)
            {
                return IoStatus.Broken;
            }

            var written = _tls!.Write(bytes.Span);
            if (written.Status == TlsStatus.Done)
            {
                bytes = bytes[written.Count..];
                continue;
            }

            var ready = written.Status switch
            {
                TlsStatus.WantsRead => await connection.WaitReadableAsync(),
                TlsStatus.WantsWrite => await connection.WaitWritableAsync(),
                _ => IoStatus.Broken,
            };
            if (ready != IoStatus.Done)
            {
                return ready;
            }
        }

        return IoStatus.Done;
    }
}
