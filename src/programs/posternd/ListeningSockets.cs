using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>The sockets that posternd keeps open for the programs, so that a restart of one loses no connection.</summary>
internal sealed class ListeningSockets
{
    private const UnixFileMode Group = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode Everybody = Group | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly Dictionary<string, (ushort Index, Descriptor Socket, bool IsForAcme)> _ports = [];
    private readonly List<Descriptor> _local = [];
    private ushort _next;

    /// <summary>The ports for a program, each with the number that it is known by as long as it is open.</summary>
    internal IEnumerable<(ushort Index, Descriptor Socket)> PortsOf(ProgramName program) =>
        _ports.Values.Where(port => port.IsForAcme == (program == ProgramName.Acme)).Select(port => (port.Index, port.Socket));

    /// <summary>The local sockets for the queue: submission first, then control.</summary>
    internal IReadOnlyList<Descriptor> Local => _local;

    /// <summary>Opens the local sockets, for good and for us alone.</summary>
    /// <returns>Null, or what is wrong.</returns>
    internal string? OpenLocal(string state)
    {
        // Whoever has the lock may take sockets that lie there for left over by a crash. It is held until we die, when the
        // kernel lets go of it; and strangers, who could only be in the way, can't open this folder.
        var locked = OwnedFolder.Lock(Path.Join(state, "queue"), out _);
        return locked.Failed ? locked.WouldBlock ? $"{state}: another server is running on this state folder" : $"{state}: {locked}"
            : OpenLocal(Path.Join(state, "run", "queue.sock"), Everybody) ?? OpenLocal(Path.Join(state, "run", "control.sock"), Group);
    }

    /// <summary>Opens the ports that the configuration has and we don't, and closes those it no longer has.</summary>
    /// <param name="wanted">All addresses of the configuration.</param>
    /// <param name="opened">Gets the numbers that are new.</param>
    /// <param name="retired">Gets the numbers that are gone.</param>
    /// <returns>Null, or what is wrong; then nothing has changed.</returns>
    internal string? Follow(IReadOnlyList<ListenAddress> wanted, List<ushort> opened, List<ushort> retired)
    {
        var fresh = new List<(ListenAddress Place, Descriptor Socket)>();
        foreach (var place in wanted.Where(one => !_ports.ContainsKey(one.Name)))
        {
            var result = Socket.OpenListener(place.Address.Span, out var socket);
            if (result.Failed)
            {
                fresh.ForEach(one => one.Socket.Dispose());
                return $"can't listen on {place.Name}: {result}";
            }

            fresh.Add((place, socket!));
        }

        foreach (var gone in _ports.Keys.Where(name => wanted.All(one => one.Name != name)).ToList())
        {
            retired.Add(_ports[gone].Index);
            _ports[gone].Socket.Dispose();
            _ports.Remove(gone);
        }

        foreach (var (place, socket) in fresh)
        {
            opened.Add(_next);
            _ports[place.Name] = (_next++, socket, place.IsForAcme);
        }

        return null;
    }

    private string? OpenLocal(string path, UnixFileMode mode)
    {
        File.Delete(path);
        var result = Socket.OpenListener(UnixName.ToKernel(path), out var socket);
        if (result.Failed)
        {
            return $"can't listen on {path}: {result}";
        }

        File.SetUnixFileMode(path, mode);
        _local.Add(socket!);
        return null;
    }
}
