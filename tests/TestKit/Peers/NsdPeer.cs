using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>NLnet Labs' nsd, an authoritative name server, with zones of its own on a port of 127.0.0.1.</summary>
public sealed class NsdPeer : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _daemon;

    /// <summary>Has each zone judged by nsd-checkzone, and serves them.</summary>
    /// <param name="zones">Their names, and the lines of their files but for the SOA and NS records.</param>
    public NsdPeer(IReadOnlyDictionary<string, string> zones)
    {
        var command = Requirement.Peer("nsd");
        var sections = zones.Select(zone =>
        {
            var file = _scratch.Write($"{zone.Key}.zone", $"""
                $TTL 60
                {zone.Key}. IN SOA ns.{zone.Key}. hostmaster.{zone.Key}. 1 3600 600 86400 60
                {zone.Key}. IN NS ns.{zone.Key}.
                ns.{zone.Key}. IN A 127.0.0.1
                {zone.Value}

                """);
            Tool.Run(Requirement.Peer("nsd-checkzone"), [zone.Key, file]).MustSucceed();
            return $"zone:\n  name: \"{zone.Key}\"\n  zonefile: \"{file}\"\n";
        });
        var configuration = _scratch.Write("nsd.conf", $"""
            server:
              ip-address: 127.0.0.1@{Port}
              username: ""
              chroot: ""
              zonesdir: "{_scratch.Folder}"
              pidfile: "{_scratch["nsd.pid"]}"
              xfrdfile: "{_scratch["xfrd.state"]}"
              xfrdir: "{_scratch.Folder}"
              zonelistfile: "{_scratch["zone.list"]}"
              server-count: 1
            remote-control:
              control-enable: no
            {string.Concat(sections)}
            """);
        _daemon = new RunningProgram([command, "-d", "-c", configuration]);
        _daemon.AwaitLine(line => line.Contains("nsd started", StringComparison.Ordinal), "nsd started");
    }

    /// <summary>Where it answers, by UDP and TCP.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <inheritdoc/>
    public void Dispose()
    {
        // Told, not killed: its own children would outlive it.
        if (!_daemon.HasEnded)
        {
            _daemon.Signal("TERM");
            _daemon.AwaitEnd();
        }

        _daemon.Dispose();
        _scratch.Dispose();
    }
}
