using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Smtpd.Listening;
using Postern.Smtpd.Settings;
using Postern.Text;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>An smtpd with its directory and its queue on one loop, which a test runs turn by turn.</summary>
/// <remarks>It is mx.a.test, serves a.test with the users u, v and user, and trusts 10.0.0.0/8.</remarks>
internal sealed class TestServer : IDisposable
{
    public const string Stranger = "192.0.2.7";
    public const string Friend = "10.1.2.3";

    /// <summary>Seconds that a user may have a message held back.</summary>
    public const uint MaxHold = 86_400;

    private const int MaxTurns = 1_000_000;

    private readonly EventLoop _loop;
    private readonly List<TestClient> _clients = [];

    public TestServer(Func<SmtpdSlice, SmtpdSlice>? change = null, string domain = "a.test", string hostName = "mx.a.test")
    {
        _loop = new EventLoop(Time);
        Server = new SmtpServer(_loop, new EventLog("smtpd", _loop, line => Log.Append(System.Text.Encoding.ASCII.GetString(line)) is not null));
        Configure(change, hostName);
        Directory = new FakeDirectory(_loop, domain, hostName);
        Queue = new FakeQueue(_loop);
        Tls = new FakeTls(_loop);
        Auth = new FakeAuth(_loop);
        Server.Directory.Connect(Directory.Start());
        Server.Queue.Connect(Queue.Start());
        Settle();
    }

    public ManualTime Time { get; } = new();

    /// <summary>Turns of the loop so far in which something happened.</summary>
    public long Turns { get; private set; }

    public SmtpServer Server { get; }

    public FakeDirectory Directory { get; }

    public FakeQueue Queue { get; }

    public FakeTls Tls { get; }

    public FakeAuth Auth { get; }

    /// <summary>How much users may send, from the next <see cref="Configure"/> on; null when nothing is said of it.</summary>
    public SendingSlice? Sending { get; init; }

    /// <summary>What was logged.</summary>
    public System.Text.StringBuilder Log { get; } = new();

    public void Configure(Func<SmtpdSlice, SmtpdSlice>? change, string hostName = "mx.a.test")
    {
        var head = new SmtpdSlice
        {
            HostName = hostName,
            MessageSize = 1024 * 1024,
            Recipients = 1000,
            Connections = 1000,
            ConnectionsPerClient = 50,
            CommandSeconds = 300,
            SessionSeconds = 3600,
            OffersTls = false,
            MaxHoldSeconds = MaxHold,
            Logins = LoginWays.Scram,
        };
        var slice = new SliceWriter();
        slice.Add(change is null ? head : change(head));
        Span<byte> network = stackalloc byte[IpAddress.Size];
        Address("10.0.0.0").CopyTo(network);
        slice.Add(new TrustedSlice { Address = network, Prefix = 96 + 8 });
        if (Sending is { } sending) slice.Add(sending);
        if (!SmtpdSettings.TryRead(slice.Bytes, out var settings)) throw new InvalidOperationException("The slice was refused.");
        Server.Settings = settings!;
    }

    /// <summary>Connects a client; the greeting has arrived when this returns.</summary>
    public TestClient Connect(string from = Stranger, ServiceKind service = ServiceKind.Smtp, string early = "")
    {
        Socket.OpenPair(packets: false, out var ours, out var theirs);
        var client = new TestClient(this, ours!);
        if (early.Length > 0) Socket.Send(ours!.Number, System.Text.Encoding.Latin1.GetBytes(early));
        _clients.Add(client);
        Server.Accept(theirs!, SocketAddress.Inet(Address(from), 50_000), service);
        Settle();
        return client;
    }

    /// <summary>Runs the loop until nothing happens any more without the clock.</summary>
    public void Settle()
    {
        var turns = 0;
        do
        {
            while (_loop.RunTurn(wait: false))
            {
                Turns++;
                if (++turns > MaxTurns) throw new InvalidOperationException("The server never comes to rest.");
            }
        }
        while (_clients.ToArray().Aggregate(false, (any, client) => client.Drain() | any));
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        Time.Advance(time);
        Settle();
    }

    /// <summary>Sends an ordinary message over a fresh connection and demands that it is taken, bytes exact.</summary>
    public void DemandService()
    {
        var before = Queue.Committed.Count;
        using var client = Connect(Friend);
        client.BeginData("s@f.test", "u@a.test").Send("Subject: still here\r\n\r\n..dots\r\n.\r\n");
        client.Ask("QUIT");
        if (Queue.Committed.Count != before + 1 || Queue.Committed[^1].Content != "Subject: still here\r\n\r\n.dots\r\n")
            throw new InvalidOperationException($"The server does not serve any more: {client.Received}");
        if (Log.ToString().Contains("session-crashed", StringComparison.Ordinal)) throw new InvalidOperationException(Log.ToString());
        foreach (var line in Log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("2026-", StringComparison.Ordinal)) throw new InvalidOperationException($"No record of its own: {line}");
        }

        foreach (var letter in Log.ToString())
        {
            if (letter is not (>= ' ' and <= '~' or '\n')) throw new InvalidOperationException("A log line has an unescaped byte.");
        }
    }

    public void Dispose()
    {
        using (_loop)
        {
            foreach (var client in _clients.ToArray()) client.Dispose();
            Directory.Dispose();
            Queue.Dispose();
            Tls.Dispose();
            Auth.Dispose();
            Settle();
        }
    }

    internal void Forget(TestClient client) => _clients.Remove(client);

    private static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
