using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Remote.Attempts;
using Postern.Remote.Hops;
using Postern.Remote.Protection;
using Postern.Remote.Protection.Seen;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Session;
using Postern.Remote.Tests.Harness;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Text;
using Postern.Tls.Native;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Session;

/// <summary>What a busy remote allocates for a message over a connection that stands: little, however many wait at once.</summary>
public sealed class AllocationTests : IChannelEvents, IDisposable
{
    private const int AtOnce = 10;
    private const int WarmRounds = 10;
    private const int Rounds = 60;

    /// <summary>The attempt, its addresses, the transaction and the result with its texts.</summary>
    private const int MaxPerMessage = 1536;

    private static readonly byte[] _buffer = new byte[4096];

    private readonly EventLoop _loop = new(new ManualClock());
    private readonly List<Descriptor> _served = [];
    private readonly Listener _listener;
    private readonly ushort _port;
    private readonly QueueLink _link;
    private readonly Channel _queue;
    private uint _begun;
    private readonly TlsClient _tls = new(null);
    private int _delivered;
    private int _ended;

    static AllocationTests() => Assert.Null(OpenSsl.Open());

    public AllocationTests()
    {
        Assert.False(Socket.OpenListener(SocketAddress.Inet(IpAddress.Loopback4, 0), out var listener).Failed);
        _port = Socket.LocalAddress(listener!.Number).Port;
        _listener = new Listener(_loop, listener, Welcome, static _ => { });
        var log = new EventLog("remote", _loop, static _ => true);
        var pool = new SessionPool(_loop) { MaxSessions = AtOnce, IdleTime = TimeSpan.FromSeconds(30) };
        var runner = new DeliveryRunner(_loop, log, pool)
        {
            HostName = "mail.example.org"u8.ToArray(),
            Planner = new ProtectionPlanner(new TableResolver(), new RouteTable<TlsNeed>(), new StsBook(new TableResolver(), new TablePolicies(), _loop.Time, log), new TlsMemory(_loop.Time, log)),
            Tls = _tls,
            Resolver = new HopResolver(
                new MailExchangers(new TableResolver(), new SystemRandomSource(), OwnIdentity.None), new AddressPolicy(false, new HashSet<IpAddress>())),
        };
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        _link = new QueueLink(_loop, log, runner, static () => { });
        _link.Open(first!, new StandingLinks(_loop, log, static _ => { }));
        _queue = new Channel(_loop, second!, this);
    }

    [Fact]
    public void Message_AllocatesLittle()
    {
        long before = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            before = round == WarmRounds ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (var i = 0; i < AtOnce; i++)
            {
                Begin();
            }

            for (var turns = 0; _ended < round * AtOnce && turns < 100_000; turns++)
            {
                _loop.RunTurn(wait: false);
                Serve();
            }
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / ((Rounds - WarmRounds) * AtOnce);
        Assert.Equal((Rounds * AtOnce, AtOnce), (_delivered, _served.Count));
        Assert.InRange(each, 1, MaxPerMessage);
    }

    bool IChannelEvents.OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        _ended += type == DeliveryEndFrame.Type ? 1 : 0;
        _delivered += type == RecipientResultFrame.Type && RecipientResultFrame.TryRead(ref reader, out var result)
            && result.Outcome == DeliveryOutcome.Delivered ? 1 : 0;
        return true;
    }

    void IChannelEvents.OnChannelClosed(Channel channel, bool hostile)
    {
    }

    public void Dispose()
    {
        _link.Dispose();
        _queue.Dispose();
        _listener.Dispose();
        _served.ForEach(static served => served.Dispose());
        _loop.Dispose();
        _tls.Dispose();
    }

    private void Begin()
    {
        var number = ++_begun;
        var content = "Subject: something\r\n\r\nAnd a line of text.\r\n"u8;
        _queue.Send(new DeliveryStartFrame
        {
            Delivery = number,
            Message = number,
            Hop = HopKind.Host,
            Destination = "127.0.0.1"u8,
            Port = _port,
            Sender = "sender@example.org"u8,
            EnvelopeId = [],
            Return = ReturnContent.Unspecified,
            Body = BodyType.SevenBit,
            Handling = Handling.None,
            Size = (ulong)content.Length,
        });
        _queue.Send(new DeliveryRecipientFrame
        {
            Delivery = number,
            Recipient = 0,
            Address = "recipient@example.net"u8,
            Original = [],
            Notify = 0,
            Final = false,
        });
        _queue.Send(new DeliveryReadyFrame { Delivery = number });
        _queue.Send(new ContentFrame { Transaction = number, Bytes = content });
        _queue.Send(new ContentEndFrame { Transaction = number });
    }

    private void Welcome(Descriptor connection, SocketAddress peer)
    {
        _served.Add(connection);
        Socket.Send(connection.Number, "220 there\r\n"u8);
    }

    /// <summary>Plays the server on every connection: what has come is one group of commands, or a whole message.</summary>
    private void Serve()
    {
        foreach (var connection in _served)
        {
            var received = Socket.Receive(connection.Number, _buffer);
            if (received.Value > 0)
            {
                var text = _buffer.AsSpan(0, received.Value);
                Socket.Send(connection.Number, text.StartsWith("EHLO"u8) ? "250-there\r\n250 PIPELINING\r\n"u8
                    : text.EndsWith("DATA\r\n"u8) ? "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n"u8
                    : "250 2.0.0 Taken as 0123456789\r\n"u8);
            }
        }
    }
}
