using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Keyholder.Certificates;
using Postern.Keyholder.Clients;
using Postern.Keyholder.Tests.Harness;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>How many clients there may be.</summary>
public sealed class ClientTableTests : IDisposable
{
    private readonly EventLoop _loop = new(new ManualTime());
    private readonly System.Text.StringBuilder _log = new();
    private readonly ClientTable _table;

    public ClientTableTests()
    {
        var log = new EventLog("tls", _loop, line => _log.Append(System.Text.Encoding.ASCII.GetString(line)) is not null);
        _table = new ClientTable(_loop, log, new KeyRing(_loop, log), 2) { Emptied = () => { } };
    }

    [Fact]
    public void AClientForWhomThereIsNoRoom_IsLetGoAtOnce()
    {
        using var first = Take();
        using var second = Take();
        using var third = Take();
        Assert.Equal(2, _table.Count);
        Assert.True(IsOver(third));
        Assert.False(IsOver(first));
        Assert.Contains("warning tls no-room client=", _log.ToString(), StringComparison.Ordinal);
        first.Dispose();
        Turn();
        Assert.Equal(1, _table.Count);
        using var fourth = Take();
        Assert.False(IsOver(fourth));
    }

    public void Dispose() => _loop.Dispose();

    private Descriptor Take()
    {
        Assert.False(Socket.OpenPair(packets: false, out var outside, out var client).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var near, out var plain).Failed);
        _table.Take(new HandOver(ServiceKind.Smtp, default), client!, plain!);
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
