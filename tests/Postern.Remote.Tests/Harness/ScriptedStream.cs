using Postern.Loop;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Harness;

/// <summary>The server's end of a connection of a script: in the clear, and within TLS once the script says so.</summary>
internal sealed class ScriptedStream(Connection connection) : IDisposable
{
    private TlsSession? _tls;

    internal Connection Connection => connection;

    /// <summary>What was agreed; null in the clear.</summary>
    internal TlsFacts? Facts => _tls?.Facts;

    /// <summary>Does the handshake; false when it fails.</summary>
    internal async ValueTask<bool> BeginTlsAsync(TlsServer service)
    {
        _tls = new TlsSession(service, connection.Number);
        while (!connection.IsClosed)
        {
            switch (_tls.Handshake())
            {
                case TlsStatus.Done:
                    return true;
                case TlsStatus.WantsRead when await connection.WaitReadableAsync() == IoStatus.Done:
                case TlsStatus.WantsWrite when await connection.WaitWritableAsync() == IoStatus.Done:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    internal IoResult TryRead(Span<byte> buffer)
    {
        if (_tls is null || connection.IsClosed)
        {
            return connection.TryRead(buffer);
        }

        var read = _tls.Read(buffer);
        return read.Status is TlsStatus.Done or TlsStatus.WantsRead or TlsStatus.WantsWrite
            ? new IoResult(IoStatus.Done, read.Count)
            : new IoResult(IoStatus.Ended, 0);
    }

    internal async ValueTask WriteAsync(byte[] bytes)
    {
        if (_tls is null)
        {
            await connection.WriteAsync(bytes);
            return;
        }

        for (var at = 0; at < bytes.Length && !connection.IsClosed;)
        {
            var written = _tls.Write(bytes.AsSpan(at));
            at += written.Count;
            if (written.Status != TlsStatus.Done && (written.Status != TlsStatus.WantsWrite || await connection.WaitWritableAsync() != IoStatus.Done))
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        _tls?.Dispose();
        connection.Dispose();
    }
}
