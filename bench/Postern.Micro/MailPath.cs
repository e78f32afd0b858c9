using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Queue;
using Postern.Queue.Schedule;
using Postern.Remote.Attempts;
using Postern.Remote.Hops;
using Postern.Remote.Protection;
using Postern.Remote.Protection.Seen;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Session;
using Postern.Role;
using Postern.Smtpd.Listening;
using Postern.Smtpd.Settings;
using Postern.Spool;
using Postern.Text;

namespace Postern.Micro;

/// <summary>smtpd, queue and remote in one process, each on its thread, joined by socket pairs as posternd joins them.</summary>
internal sealed class MailPath
{
    private readonly ProgramThread _smtpd = new("smtpd");
    private readonly ProgramThread _queue = new("queue");
    private readonly ProgramThread _remote = new("remote");
    private readonly ProgramThread _directory = new("directory");

    /// <param name="folder">Where the log goes; it must be empty.</param>
    /// <param name="sinkPort">Where everything is relayed to.</param>
    internal MailPath(string folder, ushort sinkPort)
    {
        var (forSmtpd, asked) = Pair();
        var (submitting, submitted) = Pair();
        var (delivering, delivered) = Pair();
        StartDirectory(asked);
        StartSmtpd(forSmtpd, submitting);
        StartQueue(folder, sinkPort, submitted, delivering);
        StartRemote(delivered);
        Programs = [_smtpd, _queue, _remote];
        foreach (var program in new[] { _directory, _remote, _queue, _smtpd })
        {
            program.Start();
        }
    }

    /// <summary>The programs that are looked at, in the order of the table's columns.</summary>
    internal IReadOnlyList<ProgramThread> Programs { get; }

    /// <summary>Where SMTP is spoken.</summary>
    internal int Port { get; private set; }

    /// <summary>Bytes that each program has allocated so far.</summary>
    internal long[] Allocated() => [.. Programs.Select(program => program.Allocated)];

    private static (Descriptor Ours, Descriptor Theirs) Pair() =>
        Socket.OpenPair(packets: false, out var ours, out var theirs).Failed ? throw new InvalidOperationException("no socket pair") : (ours!, theirs!);

    private void StartDirectory(Descriptor asked) => _ = new Channel(_directory.Loop, asked, new ForeignDirectory());

    private void StartSmtpd(Descriptor directory, Descriptor queue)
    {
        var slice = new SliceWriter();
        slice.Add(new SmtpdSlice
        {
            HostName = "mx.example.org",
            MessageSize = 50 * 1024 * 1024,
            Recipients = 1000,
            Connections = 1000,
            ConnectionsPerClient = 50,
            CommandSeconds = 300,
            SessionSeconds = 3600,
            OffersTls = false,
            MaxHoldSeconds = 0,
            Logins = LoginWays.Scram,
        });
        Span<byte> loopback = stackalloc byte[IpAddress.Size];
        IpAddress.Loopback4.CopyTo(loopback);
        slice.Add(new TrustedSlice { Address = loopback, Prefix = 128 });
        _ = SmtpdSettings.TryRead(slice.Bytes, out var settings);
        var server = new SmtpServer(_smtpd.Loop, _smtpd.Log) { Settings = settings! };
        server.Directory.Connect(directory);
        server.Queue.Connect(queue);
        _ = Socket.OpenListener(SocketAddress.Inet(IpAddress.Loopback4, 0), out var listener);
        Port = Socket.LocalAddress(listener!.Number).Port;
        _ = new Listener(_smtpd.Loop, listener, (connection, peer) => server.Accept(connection, peer, ServiceKind.Smtp), static _ => { });
    }

    private void StartQueue(string folder, ushort sinkPort, Descriptor smtpd, Descriptor remote)
    {
        var routing = new Routing("example.org", "mx.example.org");
        _ = routing.TryAdd("*", new NextHop(HopKind.Host, "127.0.0.1", sinkPort));
        var settings = new QueueSettings
        {
            HostName = "mx.example.org",
            Folder = folder,
            MessageSize = 50 * 1024 * 1024,
            Backoff = new Backoff(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(5), TimeSpan.FromHours(4)),
            Attempts = (20, 200, 64),
            Routing = routing,
        };
        var (log, problem) = QueueLog.Open(folder, new LogOptions().SegmentBytes);
        var parts = new QueueParts(_queue.Loop, new BackgroundThread(_queue.Loop, "sync"), _queue.Log, static _ => { }, log ?? throw new InvalidOperationException(problem), settings);
        _ = parts.Replay();
        parts.Connect(ProgramName.Smtpd, smtpd);
        parts.Connect(ProgramName.Remote, remote);
    }

    private void StartRemote(Descriptor queue)
    {
        var pool = new SessionPool(_remote.Loop) { MaxSessions = 200, IdleTime = TimeSpan.FromSeconds(2) };
        var exchangers = new MailExchangers(new NoNames(), new SystemRandomSource(), OwnIdentity.None);
        var policies = new StsBook(new NoNames(), new NoPolicies(), _remote.Loop.Time, _remote.Log);
        var runner = new DeliveryRunner(_remote.Loop, _remote.Log, pool)
        {
            HostName = "mx.example.org"u8.ToArray(),
            Planner = new ProtectionPlanner(new NoNames(), new RouteTable<TlsNeed>(), policies, new TlsMemory(_remote.Loop.Time, _remote.Log)),
            Resolver = new HopResolver(exchangers, new AddressPolicy(true, new HashSet<IpAddress>())),
        };
        var link = new Remote.QueueLink(_remote.Loop, _remote.Log, runner, static () => { });
        link.Open(queue, new StandingLinks(_remote.Loop, _remote.Log, static _ => { }));
    }
}
