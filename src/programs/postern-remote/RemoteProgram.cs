using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Dns.Resolving;
using Postern.Ipc;
using Postern.Posix;
using Postern.Posix.Files;
using Postern.Posix.Sockets;
using Postern.Remote.Attempts;
using Postern.Remote.Hops;
using Postern.Remote.Logins;
using Postern.Remote.Protection;
using Postern.Remote.Protection.Seen;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Reports;
using Postern.Remote.Session;
using Postern.Role;
using Postern.Tls.Sessions;
using Postern.Web.Streams;

namespace Postern.Remote;

/// <summary>Puts remote together: settings, resolver, connections, and the channel to the queue.</summary>
internal sealed class RemoteProgram : IProgram, IDisposable
{
    /// <summary>Policies that are new are written down together after so long; arbitrary.</summary>
    private static readonly TimeSpan _writePause = TimeSpan.FromSeconds(5);

    /// <summary>The same of who has TLS, which each new destination says; arbitrary.</summary>
    private static readonly TimeSpan _memoryPause = TimeSpan.FromMinutes(1);

    private readonly ProgramContext _context;
    private readonly string? _missing;
    private readonly SessionPool _sessions;
    private readonly DeliveryRunner _runner;
    private readonly ReportOffice _reports;
    private readonly TlsMemory _memory;
    private readonly LateWriter _policyWriter;
    private readonly LateWriter _memoryWriter;
    private RemoteSettings? _settings;
    private StsBook? _policies;
    private StsFile? _file;
    private LoginBook _logins = LoginBook.None;
    private TlsMemoryFile? _memoryFile;
    private QueueLink? _queue;
    private bool _stopping;

    /// <param name="context">What every program is given.</param>
    /// <param name="missing">Why there is no OpenSSL; null when there is.</param>
    internal RemoteProgram(ProgramContext context, string? missing)
    {
        _context = context;
        _missing = missing;
        _sessions = new SessionPool(context.Loop);
        _reports = new ReportOffice(context.Loop, context.Log);
        _runner = new DeliveryRunner(context.Loop, context.Log, _sessions) { Counts = _reports.Counts };
        _policyWriter = new LateWriter(context.Loop, _writePause, () => _file?.Write(_policies!.Entries));
        _memoryWriter = new LateWriter(context.Loop, _memoryPause, () => _memoryFile?.Write(_memory!.Traces));
        _memory = new TlsMemory(context.Loop.Time, context.Log) { Changed = _memoryWriter.Note };
    }

    /// <summary>Carries attempts through.</summary>
    internal DeliveryRunner Runner => _runner;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        var settings = RemoteSettings.Read(slice);
        if (settings is null)
        {
            return false;
        }

        if (_settings is { HasLocalSockets: false } && settings.HasLocalSockets)
        {
            // Which sockets it may make is settled at its start.
            _context.Log.Info("restarting").Quoted("reason", "a route leads to a socket of this host now").Write();
            Stop();
            return true;
        }

        if (settings.LeftOut.Count > 0)
        {
            var servers = string.Join(' ', settings.LeftOut.Select(server => SocketAddress.Inet(server.Address, server.Port)));
            _context.Log.Warning("resolvers-left-out").Quoted("servers", servers).Write();
        }

        _sessions.MaxSessions = settings.MaxConnections;
        _sessions.IdleTime = settings.IdleTime;
        _runner.HostName = settings.HostName;
        _memory.Hold = settings.TlsHold;
        _settings = settings;
        Resolve(settings);
        // Whatever begins at the start finds it there. Without OpenSSL nothing begins.
        if (_missing is null)
        {
            FollowAuthorities();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        if (peer != ProgramName.Queue || _stopping)
        {
            channel.Dispose();
            return;
        }

        // The old queue is gone and with it everybody who could take a result.
        _queue?.Dispose();
        _queue = new QueueLink(_context.Loop, _context.Log, _runner, FinishIfIdle);
        _queue.Open(channel, _context.Links);
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start()
    {
        if (_missing is not null || _runner.Resolver is null)
        {
            return _missing ?? "no configuration came";
        }

        return OpenFolder() ?? _logins.Check();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _stopping = true;
        _policyWriter.Flush();
        _memoryWriter.Flush();
        _reports.Stop();
        FinishIfIdle();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue?.Dispose();
        _runner.Tls?.Dispose();
        _file?.Dispose();
        _reports.Dispose();
        _logins.Dispose();
    }

    private void FinishIfIdle()
    {
        if (_stopping && (_queue is null || _queue.UnderWay == 0))
        {
            _queue?.Flush();
            _sessions.CloseIdle();
            _context.Finish();
        }
    }

    // Messages that are under way end as they began. No other follows them on the same connection: what is asked of it may be more.
    private void FollowAuthorities()
    {
        _sessions.CloseIdle();
        _runner.Tls?.Dispose();
        _runner.Tls = new TlsClient(_settings!.Authorities);
    }

    private void Resolve(RemoteSettings settings)
    {
        var time = _context.Loop.Time;
        var random = new SystemRandomSource();
        var stub = new StubResolver(settings.NameServers, new LoopDnsTransport(_context.Loop), time, random);
        var cached = new CachingResolver(stub, new AnswerCache(time));
        var hosts = new MailExchangers(cached, random, settings.Self);
        _runner.Resolver = new HopResolver(hosts, settings.Addresses);
        var servers = new WebServers(_context.Loop, hosts, () => _runner.Tls!)
        {
            // They are named by strangers, as mail exchangers are.
            Allows = settings.Addresses.Allows,
            Patience = PolicyFetch.Patience,
        };
        var kept = _policies?.Entries ?? [];
        _policies = new StsBook(cached, new PolicyFetch(servers), time, _context.Log) { Changed = _policyWriter.Note };
        _policies.Restore(kept);
        _logins.Dispose();
        _logins = new LoginBook(settings.Logins, settings.Authorities, time, _context.Log);
        _runner.Planner = new ProtectionPlanner(cached, settings.Rules, _policies, _memory) { Logins = _logins, Counts = _reports.Counts, FollowsTlsOptional = settings.FollowsTlsOptional };
        _reports.Configure(settings.Submitter, cached, _runner, servers);
    }

    private string? OpenFolder()
    {
        if (DirectoryHandle.Open(_settings!.Folder, out var folder) is { Ok: false } failure)
        {
            return $"{_settings.Folder}: {failure}";
        }

        if (DirectoryHandle.Open(_settings.Folder, out var again) is { Ok: false } problem)
        {
            return $"{_settings.Folder}: {problem}";
        }

        _file = new StsFile(folder!, _context.Log);
        _policies!.Restore(_file.Read());
        _reports.Open(again!);
        _memoryFile = new TlsMemoryFile(folder!, _context.Log);
        _memory.Restore(_memoryFile.Read());
        return null;
    }
}
