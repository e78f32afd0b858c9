using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Posix.Sockets;
using Postern.TestKit.Servers;
using Postern.Text;

namespace Postern.Supervisor.Tests;

/// <summary>The sockets that posternd keeps, and how they follow the configuration.</summary>
public sealed class ListeningSocketsTests : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly ListeningSockets _sockets = new();

    [Fact]
    public void PortsFollowTheConfiguration_AndKeepTheirNumbers()
    {
        var (first, second, third) = (Place(), Place(), Place());
        Assert.Equal((null, "0 1", ""), Follow(first, second));
        Assert.Equal((null, "2", "0"), Follow(second, third));
        Assert.Equal([1, 2], _sockets.PortsOf(ProgramName.Smtpd).Select(port => (int)port.Index).Order());
        // A number is not given twice: smtpd may still know it.
        Assert.Equal((null, "3", ""), Follow(first, second, third));
    }

    [Fact]
    public void APortInUse_ChangesNothing()
    {
        var (first, free, taken) = (Place(), Place(), Place());
        Follow(first);
        Assert.False(Socket.OpenListener(taken.Address.Span, out var other).Failed);
        using (other)
        {
            Assert.Equal(($"can't listen on {taken.Name}: Address already in use", "", ""), Follow(free, taken));
        }

        Assert.Equal([0], _sockets.PortsOf(ProgramName.Smtpd).Select(port => (int)port.Index));
        // The one that could be opened was closed again.
        Assert.False(Socket.OpenListener(free.Address.Span, out var again).Failed);
        again!.Dispose();
    }

    [Fact]
    public void LocalSockets_HaveTheirModesAndReplaceWhatACrashLeft()
    {
        Directory.CreateDirectory(_scratch["queue"]);
        Directory.CreateDirectory(_scratch["run"]);
        File.WriteAllText(_scratch["run/queue.sock"], "left over");
        Assert.Null(_sockets.OpenLocal(_scratch.Folder));
        Assert.Equal("666 660", Tool.Run("stat", ["-c", "%a", _scratch["run/queue.sock"], _scratch["run/control.sock"]])
            .MustSucceed().Output.Trim().ReplaceLineEndings(" "));
    }

    [Fact]
    public void ASecondServerOnTheSameFolder_IsRefusedAndTouchesNothing()
    {
        Directory.CreateDirectory(_scratch["queue"]);
        Directory.CreateDirectory(_scratch["run"]);
        Assert.Null(_sockets.OpenLocal(_scratch.Folder));
        Assert.Equal($"{_scratch.Folder}: another server is running on this state folder", new ListeningSockets().OpenLocal(_scratch.Folder));
        // The first one's socket is still the one that lies there.
        Assert.False(Socket.StartConnect(SocketAddress.Unix(_scratch["run/queue.sock"]), out var connection).Failed);
        connection!.Dispose();
    }

    public void Dispose() => _scratch.Dispose();

    private (string? Problem, string Opened, string Retired) Follow(params ListenAddress[] wanted)
    {
        List<ushort> opened = [];
        List<ushort> retired = [];
        var problem = _sockets.Follow(wanted, opened, retired);
        return (problem, string.Join(' ', opened), string.Join(' ', retired));
    }

    private static ListenAddress Place()
    {
        var address = SocketAddress.Inet(IpAddress.Loopback4, (ushort)LoopbackPort.Free());
        return new ListenAddress(address.ToString(), address.ToKernel());
    }
}
