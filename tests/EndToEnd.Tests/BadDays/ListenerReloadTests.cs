using System.Net;
using System.Net.Sockets;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>Listeners that come and go with a reload.</summary>
public sealed class ListenerReloadTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly BareServer _server;

    public ListenerReloadTests() => _server = new BareServer(_scratch.Folder, command => Unprivileged.Command("env", command));

    [Fact]
    public void AListenerThatIsGone_IsClosedAndItsSessionsEndInOrder()
    {
        var port = LoopbackPort.Free();
        _server.Top = $"[[listen]]\naddress = \"127.0.0.1:{port}\"";
        _server.Start();
        using var running = PlainSmtpClient.Greeted(port);
        Reload("");
        _server.AwaitLog("reloaded opened=0 retired=1");
        Patience.Until(() => !Answers(port), () => _server.Program.Said);
        running.Command("NOOP").Must(2);
        Assert.True(Answers(_server.Port));
        // Back again, under a new number.
        Reload($"[[listen]]\naddress = \"127.0.0.1:{port}\"");
        _server.AwaitLog("reloaded opened=1 retired=0");
        Patience.Until(() => Answers(port), () => _server.Program.Said);
        Assert.Equal(0, _server.Stop());
    }

    // One of two new ports is taken: the other is not kept open, and what was open is not closed.
    [Fact]
    public void AReloadThatIsRefused_LeavesNoListenerBehind()
    {
        _server.Start();
        using var taken = new TcpListener(IPAddress.Loopback, LoopbackPort.Free());
        taken.Start();
        var free = LoopbackPort.Free();
        Reload($"[[listen]]\naddress = \"127.0.0.1:{free}\"\n[[listen]]\naddress = \"{taken.LocalEndpoint}\"");
        _server.AwaitLog($"can't listen on {taken.LocalEndpoint}");
        Assert.False(Answers(free));
        Assert.True(Answers(_server.Port));
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }

    private void Reload(string top)
    {
        _server.Top = top;
        _server.WriteConfiguration();
        _server.Program.Signal("HUP");
    }

    private static bool Answers(int port)
    {
        using var socket = new TcpClient();
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
