using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Keyholder.Certificates;
using Postern.Keyholder.Clients;
using Postern.Keyholder.Tests.Harness;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Text;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>How many clients there may be.</summary>
public sealed class ClientTableTests : IDisposable
{
    private readonly EventLoop _loop = new(new ManualTime());
    private readonly System.Text.StringBuilder _log = new();
    private ClientTable _table = null!;

    [Fact]
    public void AClientForWhomThereIsNoRoom_IsLetGoAtOnce()
    {
        Open(room: 2);
        using var first = Take("192.0.2.1");
        using var second = Take("192.0.2.2");
        using var third = Take("192.0.2.3");
        Assert.Equal(2, _table.Count);
        Assert.True(IsOver(third));
        Assert.False(IsOver(first));
        Assert.Contains("warning tls no-room client=192.0.2.3 clients=2", _log.ToString(), StringComparison.Ordinal);
        first.Dispose();
        Turn();
        Assert.Equal(1, _table.Count);
        using var fourth = Take("192.0.2.3");
        Assert.False(IsOver(fourth));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8::ffff:0:0:1", "2001:db8:0:1::1")]
    public void OneNetwork_HasAQuarterOfTheRoom(string address, string same, string other)
    {
        Open(room: 12);
        using var first = Take(address);
        using var second = Take(same);
        using var third = Take(address);
        using var fourth = Take(same);
        Assert.True(IsOver(fourth));
        Assert.Equal(3, _table.Count);
        Assert.Contains("warning tls no-room client=", _log.ToString(), StringComparison.Ordinal);
        using var stranger = Take(other);
        Assert.False(IsOver(stranger));
        first.Dispose();
        Turn();
        using var fifth = Take(same);
        Assert.False(IsOver(fifth));
    }

    public void Dispose() => _loop.Dispose();

    private void Open(int room)
    {
        var log = new EventLog("tls", _loop, line => _log.Append(System.Text.Encoding.ASCII.GetString(line)) is not null);
        _table = new ClientTable(_loop, log, new KeyRing(_loop, log), room) { Emptied = () => { } };
    }

    private Descriptor Take(string from)
    {
        Assert.True(IpAddress.TryParse(from, out var address));
        Assert.False(Socket.OpenPair(packets: false, out var outside, out var client).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var near, out var plain).Failed);
        _table.Take(new HandOver(ServiceKind.Smtp, address), client!, plain!);
        near!.Dispose();
        Turn();
        return outside!;
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    private static bool IsOver(Descriptor outside) => !Socket.Receive(outside.Number, new byte[1]).WouldBlock;
}
