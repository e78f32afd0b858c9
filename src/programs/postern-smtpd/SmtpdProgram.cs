using Postern.Ipc;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Smtpd.Listening;
using Postern.Smtpd.Settings;

namespace Postern.Smtpd;

/// <summary>The program's part in the common rhythm: its configuration, its listening sockets, its lines to others.</summary>
internal sealed class SmtpdProgram : IProgram
{
    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly SmtpServer _server;
    private readonly Dictionary<int, Listener> _listeners = [];

    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="links">Watches the channel to the queue; of us and any of the others, the other gives way.</param>
    /// <param name="finish">Called when the program was told to stop and its last session is over.</param>
    internal SmtpdProgram(EventLoop loop, EventLog log, StandingLinks links, Action finish)
    {
        (_loop, _log) = (loop, log);
        _server = new SmtpServer(loop, log) { Emptied = finish };
        _server.Queue.Watch = queue => links.Watch(ProgramName.Queue, queue);
    }

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        if (!SmtpdSettings.TryRead(slice, out var settings)) return false;
        _server.Settings = settings!;
        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        switch (peer)
        {
            case ProgramName.Directory:
                _server.Directory.Connect(channel);
                break;
            case ProgramName.Queue:
                _server.Queue.Connect(channel);
                break;
            case ProgramName.Auth:
                _server.Logins.Connect(channel);
                break;
            case ProgramName.Tls:
                _server.Tls.Connect(channel);
                break;
            default:
                channel.Dispose();
                break;
        }
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener)
    {
        var address = Socket.LocalAddress(listener.Number);
        if (!_server.Settings.TryFindService(address, out var service))
        {
            listener.Dispose();
            _log.Error("listener-unknown").Word("address", address.ToString()).Write();
            return;
        }

        _listeners[index] = new Listener(
            _loop,
            listener,
            (connection, peer) => _server.Accept(connection, peer, service),
            errno => _log.Warning("accept-paused").Word("reason", Errno.Describe(errno)).Write());
    }

    /// <inheritdoc/>
    public void Retire(int index)
    {
        if (_listeners.Remove(index, out var listener)) listener.Dispose();
    }

    /// <inheritdoc/>
    public string? Start() => null;

    /// <inheritdoc/>
    public void Stop()
    {
        foreach (var listener in _listeners.Values) listener.Dispose();
        _listeners.Clear();
        _server.Stop();
    }
}
