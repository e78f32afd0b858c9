using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Tls.Sessions;

namespace Postern.Keyholder.Clients;

/// <summary>What happens after the handshake: two directions, each of which waits for whoever is slower.</summary>
internal sealed partial class TlsClient
{
    /// <summary>A client that takes nothing for so long is gone. smtpd sees before that that it gets no answers (RFC 5321 §4.5.3.2).</summary>
    private static readonly TimeSpan _stallTime = TimeSpan.FromMinutes(5);

    /// <summary>What is still read from a client to whom all was said, so that a reset does not destroy the last of it.</summary>
    private static readonly TimeSpan _lingerTime = TimeSpan.FromSeconds(2);

    /// <summary>And how much of it; arbitrary.</summary>
    private const int MaxLinger = 1024 * 1024;

    /// <summary>Pieces passed in a row before other clients get their turn.</summary>
    private const int MaxInARow = 16;

    // Both directions may have to wait until the client takes bytes, and a connection has one place for that.
    private readonly Signal _alsoWritable = new();
    private bool _awaitsWritable;

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask PassAsync()
    {
        var toServer = PassToServerAsync();
        await PassToClientAsync();
        await toServer;
    }

    /// <summary>Passes what the client says, until it ends or is gone; what nobody takes any more is read all the same, for a moment.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask PassToServerAsync()
    {
        TurnYield? yield = null;
        var passed = 0;
        var dropped = 0;
        while (dropped <= MaxLinger)
        {
            if (++passed % MaxInARow == 0)
            {
                await (yield ??= new TurnYield(_table.Loop)).WaitAsync();
            }

            if (_client.IsClosed)
            {
                return;
            }

            var read = _session!.Read(_table.Passing);
            if (read.Status == TlsStatus.Done)
            {
                dropped += dropped > 0 || !await GiveToServerAsync(read.Count) ? read.Count : 0;
            }
            else if (!await CanGoOnAsync(read.Status))
            {
                break;
            }
        }

        _plain.EndSending();
    }

    /// <summary>Passes what smtpd says, until it closes; then says that this was all.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask PassToClientAsync()
    {
        TurnYield? yield = null;
        for (var passed = 1; ; passed++)
        {
            if (passed % MaxInARow == 0)
            {
                await (yield ??= new TurnYield(_table.Loop)).WaitAsync();
            }

            var result = _plain.TryRead(_table.Passing);
            if (result.Status != IoStatus.Done || (result.Count == 0 && await _plain.WaitReadableAsync() != IoStatus.Done))
            {
                break;
            }

            if (result.Count > 0 && !await GiveToClientAsync(result.Count))
            {
                // Nobody is there to read the rest: so smtpd learns of it.
                Close();
                return;
            }
        }

        if (!_client.IsClosed)
        {
            _client.SetDeadline(_lingerTime);
            while (_session!.End() == TlsStatus.WantsWrite && await WaitWritableAsync())
            {
            }

            _client.EndSending();
        }
    }

    /// <summary>Waits for what reading needs; false when nothing more will come.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> CanGoOnAsync(TlsStatus status) => status switch
    {
        TlsStatus.WantsRead => await _client.WaitReadableAsync() == IoStatus.Done,
        TlsStatus.WantsWrite => await WaitWritableAsync(),
        _ => false,
    };

    /// <summary>Hands what was read to smtpd, waiting for it if need be; false when it is gone.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> GiveToServerAsync(int count)
    {
        var result = _plain.TryWrite(_table.Passing.AsSpan(0, count));
        if (result.Status != IoStatus.Done || result.Count == count)
        {
            return result.Status == IoStatus.Done;
        }

        var rest = Keep(result.Count, count);
        var status = await _plain.WriteAsync(rest.AsMemory(0, count - result.Count));
        _table.Loop.Buffers.Return(rest);
        return status == IoStatus.Done;
    }

    /// <summary>Sends what was read to the client, waiting for it if need be; false when it is gone.</summary>
    private ValueTask<bool> GiveToClientAsync(int count)
    {
        var at = 0;
        while (at < count)
        {
            var written = Write(_table.Passing.AsSpan(at, count - at));
            if (written.Status == TlsStatus.WantsWrite)
            {
                return GiveRestToClientAsync(Keep(at, count), count - at);
            }

            if (written.Status != TlsStatus.Done)
            {
                return new ValueTask<bool>(false);
            }

            at += written.Count;
        }

        return new ValueTask<bool>(true);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> GiveRestToClientAsync(byte[] kept, int count)
    {
        var at = 0;
        _client.SetDeadline(_stallTime);
        while (at < count)
        {
            var written = Write(kept.AsSpan(at, count - at));
            at += written.Count;
            if (written.Status != TlsStatus.Done && (written.Status != TlsStatus.WantsWrite || !await WaitWritableAsync()))
            {
                break;
            }
        }

        _client.ClearDeadline();
        _table.Loop.Buffers.Return(kept);
        return at == count;
    }

    private TlsOutcome Write(ReadOnlySpan<byte> bytes) => _client.IsClosed ? new TlsOutcome(TlsStatus.Failed) : _session!.Write(bytes);

    /// <summary>Waits until the client takes bytes; false when it will not.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> WaitWritableAsync()
    {
        if (_awaitsWritable)
        {
            return await _alsoWritable.WaitAsync() && !_client.IsClosed;
        }

        _awaitsWritable = true;
        var isWritable = await _client.WaitWritableAsync() == IoStatus.Done;
        _awaitsWritable = false;
        if (_alsoWritable.HasWaiter)
        {
            // What it tries then tells it how it stands.
            _alsoWritable.Set();
        }

        return isWritable;
    }

    private byte[] Keep(int from, int to)
    {
        var kept = _table.Loop.Buffers.Rent();
        _table.Passing.AsSpan(from, to - from).CopyTo(kept);
        return kept;
    }
}
