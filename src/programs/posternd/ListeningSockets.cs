using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>The sockets that posternd keeps open for the programs, so that a restart of one loses no connection.</summary>
internal sealed class ListeningSockets
{
    private const string QueueSocket = "queue.sock";
    private const string ControlSocket = "control.sock";

    private readonly Dictionary<ListenAddress, (ushort Index, Descriptor Socket)> _ports = [];
    private readonly List<Descriptor> _local = [];
    private ushort _next;

    /// <summary>The ports for smtpd, each with the number that it is known by as long as it is open.</summary>
    internal IEnumerable<(ushort Index, Descriptor Socket)> Ports => _ports.Values;

    /// <summary>The local sockets for the queue: submission first, then control.</summary>
    internal IReadOnlyList<Descriptor> Local => _local;

    /// <summary>Opens the local sockets.</summary>
    /// <returns>Null, or what is wrong.</returns>
    internal string? OpenLocal(string state)
    {
        var run = Path.Join(state, "run");
        return OpenLocal(Path.Join(run, QueueSocket), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
                | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)
            ?? OpenLocal(Path.Join(run, ControlSocket), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
    }

    /// <summary>Opens the ports that the configuration has and we don't, and closes those it no longer has.</summary>
    /// <param name="wanted">All addresses of the configuration.</param>
    /// <param name="opened">Gets the numbers that are new.</param>
    /// <param name="retired">Gets the numbers that are gone.</param>
    /// <returns>Null, or what is wrong; then nothing has changed.</returns>
    internal string? Follow(IReadOnlyList<ListenAddress> wanted, List<ushort> opened, List<ushort> retired)
    {
        var fresh = new List<(ListenAddress Address, Descriptor Socket)>();
        foreach (var address in wanted.Where(address => !_ports.ContainsKey(address)))
        {
            var place = SocketAddress.Inet(address.Address, address.Port);
            var result = Socket.OpenListener(place, out var socket);
            if (result.Failed)
            {
                fresh.ForEach(one => one.Socket.Dispose());
                return $"can't listen on {place}: {result}";
            }

            fresh.Add((address, socket!));
        }

        foreach (var gone in _ports.Keys.Where(address => !wanted.Contains(address)).ToList())
        {
            retired.Add(_ports[gone].Index);
            _ports[gone].Socket.Dispose();
            _ports.Remove(gone);
        }

        foreach (var (address, socket) in fresh)
        {
            opened.Add(_next);
            _ports[address] = (_next++, socket);
        }

        return null;
    }

    private string? OpenLocal(string path, UnixFileMode mode)
    {
        var address = SocketAddress.Unix(path);
        if (!Socket.StartConnect(address, out var other).Failed)
        {
            other!.Dispose();
            return $"{path}: another server is running on this state folder";
        }

        File.Delete(path);
        var result = Socket.OpenListener(address, out var socket);
        if (result.Failed)
        {
            return $"can't listen on {path}: {result}";
        }

        File.SetUnixFileMode(path, mode);
        _local.Add(socket!);
        return null;
    }
}
