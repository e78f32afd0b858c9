using Postern.Ipc.Securing;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Keyholder.Clients;

/// <summary>Takes what is handed over, with the client's socket and the end of a pair.</summary>
internal delegate void ClientTaker(HandOver asked, Descriptor client, Descriptor plain);

/// <summary>The line on which smtpd hands clients over: packets, each with two sockets.</summary>
internal sealed class HandOverLine : IDisposable
{
    /// <summary>Packets taken before others get their turn.</summary>
    private const int MaxPerTurn = 16;

    private readonly EventLog _log;
    private readonly Connection _packets;
    private readonly ClientTaker _take;
    private readonly Action _lost;
    private readonly TurnYield _yield;

    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="channel">A socket of packets.</param>
    /// <param name="take">Gets each client, and owns both sockets then.</param>
    /// <param name="lost">Called when smtpd is gone, or is taken for hostile.</param>
    internal HandOverLine(EventLoop loop, EventLog log, Descriptor channel, ClientTaker take, Action lost)
    {
        (_log, _take, _lost) = (log, take, lost);
        _packets = new Connection(loop, channel);
        _yield = new TurnYield(loop);
    }

    /// <summary>Begins to take clients: not before there are keys.</summary>
    internal void Begin() => _packets.Loop.Adopt(RunAsync());

    /// <inheritdoc/>
    public void Dispose() => _packets.Dispose();

    private async Task RunAsync()
    {
        for (var taken = 1; ; taken++)
        {
            if (taken % MaxPerTurn == 0)
            {
                await _yield.WaitAsync();
            }

            // Replaced, or the program stops: nothing was lost.
            if (_packets.IsClosed)
            {
                return;
            }

            var more = Take();
            if (more == false || (more is null && await _packets.WaitReadableAsync() != IoStatus.Done))
            {
                break;
            }
        }

        if (!_packets.IsClosed)
        {
            _packets.Dispose();
            _log.Warning("channel-lost").Word("peer", "smtpd").Write();
            _lost();
        }
    }

    private bool? Take()
    {
        var more = HandOver.Receive(_packets.Number, out var asked, out var client, out var plain);
        if (more == true)
        {
            _take(asked, client!, plain!);
        }

        return more;
    }
}
