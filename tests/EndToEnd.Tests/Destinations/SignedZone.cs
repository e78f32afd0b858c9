using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>
/// The zone example.net in a network of its own, really signed, and above it the zone net that vouches for it: Debian's nsd serves both, and
/// unbound, which knows the key of net alone, says what it makes of them.
/// </summary>
internal sealed class SignedZone : IDisposable
{
    /// <summary>Where unbound answers; it does so on the loopback interface, too.</summary>
    internal const string Address = "192.0.2.53";

    private const string Name = "example.net";
    private const string Parent = "net";
    private const string Authority = "127.0.0.1@5300";

    private readonly Scratch _scratch = new();
    private readonly OwnNetwork _network;
    private RunningProgram? _authority;
    private RunningProgram? _resolver;

    private SignedZone(OwnNetwork network) => _network = network;

    /// <summary>What unbound said so far, and why it did not believe an answer.</summary>
    internal string ResolverSaid => _resolver?.Said ?? "";

    /// <summary>Makes the zones and serves them.</summary>
    /// <param name="network">Where.</param>
    /// <param name="records">What the zone holds besides its own name server.</param>
    /// <param name="isSigned">False leaves its signatures out, and net says that it has none.</param>
    /// <param name="forge">What becomes of the zone on its way from whoever signed it.</param>
    internal static SignedZone Serve(OwnNetwork network, string records, bool isSigned = true, Func<string, string>? forge = null)
    {
        _ = (Requirement.Peer("ldns-keygen"), Requirement.Peer("ldns-signzone"), Requirement.Peer("drill"));
        var zone = new SignedZone(network);
        try
        {
            zone.Start(Requirement.Peer("nsd"), Requirement.Peer("unbound"), zone.Publish(records, isSigned, forge ?? (text => text)));
            return zone;
        }
        catch
        {
            zone.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        End(_resolver);
        _resolver?.Dispose();
        End(_authority);
        _authority?.Dispose();
        _scratch.Dispose();
    }

    // Told, not killed: nsd's own children would outlive it.
    private static void End(RunningProgram? server)
    {
        if (server is { HasEnded: false })
        {
            server.Signal("TERM");
            server.AwaitEnd();
        }
    }

    /// <summary>Writes both zones as they are served; returns the file with the key of the upper one.</summary>
    private string Publish(string records, bool isSigned, Func<string, string> forge)
    {
        const string start = "@ 60 IN SOA ns.example.net. hostmaster.example.net. 1 3600 600 86400 60\n@ 60 IN NS ns.example.net.\n";
        const string server = $"ns.example.net. 60 IN A {Address}\n";
        _scratch.Write(Name, $"$ORIGIN {Name}.\n{start}{server}{records}");
        var word = isSigned ? File.ReadAllText(_scratch[Sign(Name) + ".ds"]) : "";
        _scratch.Write(Parent, $"$ORIGIN {Parent}.\n{start}{Name}. 60 IN NS ns.example.net.\n{server}{word}");
        var anchor = _scratch[Sign(Parent) + ".key"];
        _scratch.Write("served", forge(File.ReadAllText(_scratch[isSigned ? Name + ".signed" : Name])));
        return anchor;
    }

    private void Start(string nsd, string unbound, string anchor)
    {
        _authority = Run(nsd, "nsd", $"""
            server:
              ip-address: {Authority}
              username: ""
              chroot: ""
              zonesdir: "{_scratch.Folder}"
              xfrdir: "{_scratch.Folder}"
              zonelistfile: "{_scratch["zones"]}"
              database: ""
              xfrdfile: ""
              pidfile: ""
              server-count: 1
            remote-control:
              control-enable: no
            zone:
              name: {Parent}
              zonefile: {Parent}.signed
            zone:
              name: {Name}
              zonefile: served

            """);
        Await(_authority, "-p", "5300", "@127.0.0.1", Name, "SOA");
        _resolver = Run(unbound, "unbound", $"""
            server:
              interface: 127.0.0.1
              interface: {Address}
              access-control: 0.0.0.0/0 allow
              do-ip6: no
              do-daemonize: no
              do-not-query-localhost: no
              username: ""
              chroot: ""
              directory: "{_scratch.Folder}"
              pidfile: ""
              use-syslog: no
              val-log-level: 2
              trust-anchor-file: "{anchor}"
            remote-control:
              control-enable: no
            stub-zone:
              name: {Parent}
              stub-addr: {Authority}
            stub-zone:
              name: {Name}
              stub-addr: {Authority}

            """);
        Await(_resolver, "@" + Address, "localhost", "A");
    }

    /// <summary>Signs a zone in a file of its name; returns the name of its key, below which the parts of it lie.</summary>
    private string Sign(string zone)
    {
        var key = Make("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone);
        Make("ldns-signzone", "-f", zone + ".signed", zone, key);
        return key;
    }

    private string Make(string program, params string[] arguments)
    {
        var command = Unprivileged.Command("env", ["--chdir=" + _scratch.Folder, program, .. arguments]);
        return Tool.Run(command[0], command.Skip(1)).MustSucceed().Output.Trim();
    }

    // A copy: where AppArmor knows the program by its path, it could not read a configuration of ours.
    private RunningProgram Run(string program, string name, string configuration)
    {
        var copy = _scratch[name];
        File.Copy(program, copy);
        return new RunningProgram(_network.Inside(Unprivileged.Command(copy, "-d", "-c", _scratch.Write(name + ".conf", configuration))));
    }

    private void Await(RunningProgram server, params string[] question)
    {
        // By TCP: a datagram that comes too early is waited for, a connection that comes too early is refused at once.
        var drill = _network.Inside(["drill", "-t", .. question]);
        bool Answers() => Tool.Run(drill[0], drill.Skip(1)).Output.Contains("rcode: NOERROR", StringComparison.Ordinal);
        Patience.Until(() => server.HasEnded || Answers(), () => server.Said);
        Assert.False(server.HasEnded, server.Said);
    }
}
