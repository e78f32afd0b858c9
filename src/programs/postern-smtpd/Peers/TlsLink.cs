using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Postern.Ipc.Securing;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Smtpd.Peers;

/// <summary>The line on which clients are handed over to the program that does TLS: packets, each with two sockets.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The line lives until it ends, or another takes its place.")]
internal sealed class TlsLink(EventLoop loop, EventLog log)
{
    private readonly Arrivals _arrivals = new();
    private readonly List<TimedWait> _waitingForRoom = [];
    private bool _watchesForRoom;
    private Connection? _line;

    /// <summary>Takes a fresh line; an older one is over.</summary>
    internal void Connect(Descriptor descriptor)
    {
        _line?.Dispose();
        _line = new Connection(loop, descriptor);
        loop.Adopt(WatchAsync(_line));
        _arrivals.Tell();
    }

    /// <summary>Waits for a line, if there is none.</summary>
    /// <returns>False when none came in time.</returns>
    internal ValueTask<bool> ConnectedAsync(TimedWait wait) => _arrivals.AwaitAsync(wait, () => _line is not null);

    /// <summary>Hands a client over; the caller closes its own of both sockets.</summary>
    /// <returns>False when nobody takes it in time.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<bool> HandOverAsync(HandOver asked, Descriptor client, Descriptor plain, TimedWait wait)
    {
        if (_line is not { } line) return false;
        var sent = asked.Send(line.Number, client, plain);
        if (!sent.WouldBlock) return !sent.Failed;
        wait.Begin(Arrivals.Patience);
        _waitingForRoom.Add(wait);
        WatchForRoom(line);
        while (sent.WouldBlock && await wait.NextAsync())
        {
            if (line.IsClosed) break;
            sent = asked.Send(line.Number, client, plain);
        }

        _waitingForRoom.Remove(wait);
        wait.End();
        return !sent.Failed;
    }

    private void WatchForRoom(Connection line)
    {
        if (_watchesForRoom) return;
        _watchesForRoom = true;
        loop.Adopt(WakeWhenThereIsRoomAsync(line));
    }

    private async Task WakeWhenThereIsRoomAsync(Connection line)
    {
        while (_waitingForRoom.Count > 0 && await line.WaitWritableAsync() == IoStatus.Done) TimedWait.WakeAll(_waitingForRoom);
        _watchesForRoom = false;
        // The line is gone: nobody waits for it any longer.
        TimedWait.WakeAll(_waitingForRoom);
    }

    /// <summary>Nothing ever comes but the end.</summary>
    private async Task WatchAsync(Connection line)
    {
        _ = await line.WaitReadableAsync();
        if (line != _line) return;
        log.Warning("channel-lost").Word("peer", "tls").Write();
        _line = null;
        line.Dispose();
    }
}
