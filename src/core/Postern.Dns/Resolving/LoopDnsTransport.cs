using Postern.Loop;
using Postern.Posix.Sockets;

namespace Postern.Dns.Resolving;

/// <summary>The resolver's sockets on a program's event loop.</summary>
/// <remarks>
/// A UDP socket that is connected without having been bound gets its port from the kernel, at random out of
/// net.ipv4.ip_local_port_range (28,232 ports by default), and a new one for each query.
/// </remarks>
public sealed class LoopDnsTransport(EventLoop loop) : IDnsTransport
{
    public IDnsSocket? OpenDatagram(NameServer server)
    {
        (Datagram? socket, _) = Datagram.Open(loop, SocketAddress.Inet(server.Address, server.Port));
        return socket is null ? null : new DatagramSocket(socket);
    }

    public async ValueTask<IDnsSocket?> ConnectStreamAsync(NameServer server, TimeSpan timeout)
    {
        (Connection? connection, _) = await Connection.OpenAsync(loop, SocketAddress.Inet(server.Address, server.Port), timeout);
        return connection is null ? null : new StreamSocket(connection);
    }

    private static DnsReceipt Receipt(IoResult result) => result.Status switch
    {
        IoStatus.Done => DnsReceipt.Received(result.Count),
        IoStatus.TimedOut => DnsReceipt.TimedOut,
        _ => DnsReceipt.Closed,
    };

    private sealed class DatagramSocket(Datagram socket) : IDnsSocket
    {
        // The kernel takes a datagram at once or not at all: there is nothing to wait for.
        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout) => new(socket.Send(octets.Span));

        public async ValueTask<DnsReceipt> ReceiveAsync(Memory<byte> buffer, TimeSpan timeout)
        {
            socket.SetDeadline(timeout);
            return Receipt(await socket.ReceiveAsync(buffer));
        }

        public void Dispose() => socket.Dispose();
    }

    private sealed class StreamSocket(Connection connection) : IDnsSocket
    {
        public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout)
        {
            connection.SetDeadline(timeout);
            return await connection.WriteAsync(octets) == IoStatus.Done;
        }

        public async ValueTask<DnsReceipt> ReceiveAsync(Memory<byte> buffer, TimeSpan timeout)
        {
            connection.SetDeadline(timeout);
            return Receipt(await connection.ReadAsync(buffer));
        }

        public void Dispose() => connection.Dispose();
    }
}
