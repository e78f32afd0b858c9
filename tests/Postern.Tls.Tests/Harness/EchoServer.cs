using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;
using Postern.Text;
using Postern.Tls.Sessions;

namespace Postern.Tls.Harness;

/// <summary>Serves one client after another at a loopback port: sends back the line that it says, and ends.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TlsServer _service;
    private readonly Descriptor _listener;
    private readonly Task _serving;
    private bool _stops;

    public EchoServer(TlsServer service)
    {
        _service = service;
        Port = TestKit.Servers.LoopbackPort.Free();
        Assert.True(IpAddress.TryParse("127.0.0.1", out IpAddress loopback));
        Assert.False(Socket.OpenListener(SocketAddress.Inet(loopback, (ushort)Port), out var listener).Failed);
        _listener = listener!;
        _serving = Task.Run(Serve);
    }

    public int Port { get; }

    /// <summary>What was agreed with each client.</summary>
    public List<TlsFacts> Facts { get; } = [];

    /// <summary>Why sessions failed.</summary>
    public List<TlsFailure> Failures { get; } = [];

    public void Dispose()
    {
        _stops = true;
        _serving.GetAwaiter().GetResult();
        _listener.Dispose();
    }

    private void Serve()
    {
        while (!_stops)
        {
            if (!Socket.Accept(_listener.Number, out var socket, out _).Failed)
            {
                using (socket)
                using (var session = new TlsSession(_service, socket!.Number))
                {
                    Echo(session, socket.Number);
                }
            }

            Wait(_listener.Number);
        }
    }

    private void Echo(TlsSession session, int socket)
    {
        TlsStatus status;
        while ((status = session.Handshake()) == TlsStatus.WantsRead && !_stops)
        {
            Wait(socket);
        }

        if (status != TlsStatus.Done)
        {
            Failures.Add(session.Failure!);
            return;
        }

        Facts.Add(session.Facts!);
        var buffer = new byte[4096];
        var length = 0;
        while (!_stops && (length == 0 || buffer[length - 1] != '\n'))
        {
            var read = session.Read(buffer.AsSpan(length));
            length += read.Count;
            if (read.Status == TlsStatus.WantsRead)
            {
                Wait(socket);
            }
            else if (read.Status != TlsStatus.Done)
            {
                return;
            }
        }

        Assert.Equal(new TlsOutcome(TlsStatus.Done, length), session.Write(buffer.AsSpan(0, length)));
        session.End();
    }

    private static void Wait(int socket) => DescriptorPoll.WaitReadable([socket], new bool[1], 50);
}
