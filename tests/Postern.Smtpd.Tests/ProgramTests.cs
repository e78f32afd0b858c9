using System.Text;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Smtpd.Tests.Harness;
using Postern.Text;

namespace Postern.Smtpd.Tests;

/// <summary>The program as posternd drives it, with real listening sockets.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly EventLoop _loop;
    private readonly StringBuilder _log = new();
    private readonly FakeDirectory _directory;
    private readonly FakeQueue _queue;
    private readonly SmtpdProgram _program;
    private int _finished;
    private int _endCode;

    public ProgramTests()
    {
        _loop = new EventLoop(_time);
        var log = new EventLog("smtpd", _loop, line => _log.Append(Encoding.ASCII.GetString(line)) is not null);
        _program = new SmtpdProgram(_loop, log, new StandingLinks(_loop, log, code => _endCode = code), () => _finished++);
        _directory = new FakeDirectory(_loop, "a.test", "mx.a.test");
        _queue = new FakeQueue(_loop);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _queue.Dispose();
        _loop.Dispose();
    }

    [Fact]
    public void Client_IsServedFromTheStartOn()
    {
        var (listener, port) = Listener();
        Assert.True(_program.Configure(Slice(port, ServiceKind.Smtp)));
        using var client = Client(port);
        Assert.Null(_program.Start());
        Assert.Equal("", Read(client));
        _program.Listen(0, listener);
        Connect();
        Assert.StartsWith("220 mx.a.test ESMTP", Read(client), StringComparison.Ordinal);
        Assert.StartsWith("250-", Ask(client, "EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", Ask(client, "MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", Ask(client, "RCPT TO:<u@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", Ask(client, "DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", Ask(client, "x\r\n."), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", Assert.Single(_queue.Committed).Client.ToString());
        _program.Stop();
        Assert.StartsWith("421 ", Read(client), StringComparison.Ordinal);
        client.Dispose();
        Turn();
        Assert.Equal(1, _finished);
    }

    [Theory]
    // E15: of the address that the client is connected to, the postmaster is ours, however it is written, and nobody else.
    [InlineData("<postmaster@[127.0.0.1]>", "250 2.1.5")]
    [InlineData("<PostMaster@[IPv6:::ffff:127.0.0.1]>", "250 2.1.5")]
    [InlineData("<\"postmaster\"@[127.0.0.1]>", "250 2.1.5")]
    [InlineData("<u@[127.0.0.1]>", "550 5.7.1")]
    [InlineData("<postmaster@[127.0.0.2]>", "550 5.7.1")]
    [InlineData("<postmaster@[IPv6:::1]>", "550 5.7.1")]
    public void OwnAddressLiteral_HasAPostmasterOnly(string recipient, string reply)
    {
        var (listener, port) = Listener();
        Assert.True(_program.Configure(Slice(port, ServiceKind.Smtp)));
        Assert.Null(_program.Start());
        _program.Listen(0, listener);
        Connect();
        using var client = Client(port);
        Read(client);
        Ask(client, "EHLO c.test");
        Ask(client, "MAIL FROM:<s@f.test>");
        Assert.StartsWith(reply, Ask(client, $"RCPT TO:{recipient}"), StringComparison.Ordinal);
        var ask = Ask(client, "BDAT 3 LAST\r\nx");
        Assert.Equal(reply[0] == '2' ? "250 " : "554 ", ask[..4]);
        Assert.Equal(reply[0] == '2' ? ["postmaster@mx.a.test"] : [], _queue.Committed.SelectMany(message => message.Recipients));
        _program.Stop();
    }

    [Fact]
    public void ListenerThatTheConfigurationDoesNotName_IsClosedAndSaid()
    {
        var (listener, port) = Listener();
        Assert.True(_program.Configure(Slice((ushort)(port ^ 1), ServiceKind.Smtp)));
        Assert.Null(_program.Start());
        _program.Listen(0, listener);
        Turn();
        Assert.Contains("error smtpd listener-unknown address=127.0.0.1:", _log.ToString(), StringComparison.Ordinal);
        using var refused = Client(port);
        Assert.Equal(Errno.ConnectionRefused, Socket.FinishConnect(refused.Number).Error);
    }

    [Fact]
    public void SliceThatIsNone_IsRefusedAndTheOldOneStays()
    {
        var (listener, port) = Listener();
        Assert.False(_program.Configure([1, 2, 3]));
        Assert.True(_program.Configure(Slice(port, ServiceKind.Lmtp)));
        Assert.False(_program.Configure([]));
        Assert.Null(_program.Start());
        _program.Listen(0, listener);
        using var client = Client(port);
        Assert.StartsWith("220 mx.a.test LMTP", Read(client), StringComparison.Ordinal);
        _program.Stop();
    }

    [Fact]
    public void RetiredListener_AcceptsNobodyAndItsSessionsGoOn()
    {
        var (listener, port) = Listener();
        Assert.True(_program.Configure(Slice(port, ServiceKind.Smtp)));
        Assert.Null(_program.Start());
        _program.Listen(7, listener);
        using var client = Client(port);
        Assert.StartsWith("220 ", Read(client), StringComparison.Ordinal);
        _program.Retire(7);
        Assert.StartsWith("250 ", Ask(client, "NOOP"), StringComparison.Ordinal);
        using var refused = Client(port);
        Assert.Equal(Errno.ConnectionRefused, Socket.FinishConnect(refused.Number).Error);
        _program.Stop();
    }

    [Fact]
    public void ListenerOfALaterConfiguration_IsOpenedAtOnce()
    {
        var (first, firstPort) = Listener();
        Assert.True(_program.Configure(Slice(firstPort, ServiceKind.Smtp)));
        Assert.Null(_program.Start());
        _program.Listen(0, first);
        var (second, secondPort) = Listener();
        Assert.True(_program.Configure(Slice(secondPort, ServiceKind.Lmtp)));
        _program.Listen(1, second);
        using var client = Client(secondPort);
        Assert.StartsWith("220 mx.a.test LMTP", Read(client), StringComparison.Ordinal);
        _program.Stop();
    }

    // Nobody would wire the two again: smtpd gives way, and is wired when it is started anew.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChannelToTheQueueThatIsOver_EndsSmtpdWhenNoOtherComes(bool nonsense)
    {
        Connect();
        Turn();
        if (nonsense)
        {
            _queue.SendNonsense();
        }
        else
        {
            _queue.Die();
        }

        Turn();
        _time.Advance(StandingLinks.Patience - TimeSpan.FromTicks(1));
        Turn();
        Assert.Equal(0, _endCode);
        _time.Advance(TimeSpan.FromTicks(1));
        Turn();
        Assert.Equal(ExitCode.Unavailable, _endCode);
    }

    [Fact]
    public void QueueThatWasStartedAnew_EndsNothing()
    {
        Connect();
        Turn();
        _queue.Die();
        Turn();
        _program.Connect(ProgramName.Queue, _queue.Start());
        _time.Advance(StandingLinks.Patience * 2);
        Turn();
        Assert.Equal(0, _endCode);
    }

    [Fact]
    public void ChannelToAProgramThatSmtpdDoesNotKnow_IsClosed()
    {
        Socket.OpenPair(packets: false, out var ours, out var theirs);
        using (ours)
        {
            _program.Connect(ProgramName.Remote, theirs!);
            Span<byte> buffer = stackalloc byte[1];
            Assert.Equal(0, Socket.Receive(ours!.Number, buffer).Value);
        }
    }

    private static (Descriptor Listener, ushort Port) Listener()
    {
        Assert.False(Socket.OpenListener(Loopback(0), out var listener).Failed);
        return (listener!, Socket.LocalAddress(listener!.Number).Port);
    }

    private static SocketAddress Loopback(ushort port) => SocketAddress.Inet(IpAddress.Loopback4, port);

    private static byte[] Slice(ushort port, ServiceKind service)
    {
        Span<byte> address = stackalloc byte[IpAddress.Size];
        IpAddress.Loopback4.CopyTo(address);
        var slice = new SliceWriter();
        slice.Add(new SmtpdSlice
        {
            HostName = "mx.a.test",
            MessageSize = 1000,
            Recipients = 10,
            Connections = 10,
            ConnectionsPerClient = 10,
            CommandSeconds = 300,
            SessionSeconds = 3600,
            OffersTls = false,
            MaxHoldSeconds = 0,
            Logins = LoginWays.Scram,
        });
        slice.Add(new ListenerSlice { Address = address, Port = port, Service = service });
        return slice.Bytes.ToArray();
    }

    private void Connect()
    {
        _program.Connect(ProgramName.Directory, _directory.Start());
        _program.Connect(ProgramName.Queue, _queue.Start());
    }

    private static Descriptor Client(ushort port)
    {
        _ = Socket.StartConnect(Loopback(port), out var client);
        return client!;
    }

    private string Ask(Descriptor client, string line)
    {
        Socket.Send(client.Number, Encoding.ASCII.GetBytes(line + "\r\n"));
        return Read(client);
    }

    private string Read(Descriptor client)
    {
        Turn();
        Span<byte> buffer = stackalloc byte[4096];
        var result = Socket.Receive(client.Number, buffer);
        return result.Failed ? "" : Encoding.ASCII.GetString(buffer[..result.Value]);
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
