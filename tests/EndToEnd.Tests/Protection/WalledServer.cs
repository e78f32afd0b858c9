using Postern.EndToEnd.Root;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>Two servers for the tests that only look: one without root, one that root started.</summary>
public sealed class WalledServers : IDisposable
{
    private readonly Lazy<WalledServer> _own = new(() => new WalledServer(asRoot: false));
    private readonly Lazy<WalledServer> _root = new(() => new WalledServer(asRoot: true));

    /// <summary>Ends them, in good order.</summary>
    public void Dispose()
    {
        foreach (var server in new[] { _own, _root }.Where(server => server.IsValueCreated))
        {
            using var one = server.Value;
            Assert.Equal(0, one.Server.Stop());
        }
    }

    internal WalledServer Of(bool asRoot) => (asRoot ? _root : _own).Value;
}

/// <summary>
/// A server of which every program runs, and what the kernel said of each of them: of config while it waits for the end of the configuration, of
/// the others when the server has become ready, and of all when there was mail. It was started with a descriptor and an environment that are no business of its programs.
/// </summary>
internal sealed class WalledServer : IDisposable
{
    /// <summary>The number of the descriptor that posternd inherits.</summary>
    internal const int Planted = 50;

    private readonly IDisposable _place;

    internal WalledServer(bool asRoot)
    {
        if (asRoot)
        {
            Host = new OwnHost();
            (_place, Folder) = (Host, Host.Folder);
            Host.SetUpUsers();
        }
        else
        {
            var scratch = new Scratch();
            (_place, Folder) = (scratch, scratch.Folder);
        }

        File.WriteAllText(PlantedFile, "planted");
        Server = new BareServer(Folder, command => asRoot ? Host!.Inside(Burdened(command)) : Unprivileged.Command("env", Burdened(command).Skip(1))) { More = "[tls]\n" + Samples.LinesForAcme() };
        try
        {
            Config = StartSlowly();
            Server.AwaitReady();
            // It has asked for its authority, and sleeps now.
            Server.AwaitLog(" acme acme-failed ");
            // A channel to a program that is ready already is still on its way to that when the other says so.
            Patience.Until(
                () => (Ready = Snapshot.OfChildren(Server.Program.Pid)).All(program => !Requirement.IsRoot || program.Sockets.Count >= SocketsOf(program.Program)),
                () => string.Join(", ", Ready.Select(program => $"{program} {program.Sockets.Count}")));
            using (var client = PlainSmtpClient.Greeted(Server.Port))
            {
                client.SendByData("alice@example.org", Samples.Bob, Samples.Message(Samples.Mark())).Must(2);
            }

            Server.Mailbox("bob").Await(1);
            Busy = Snapshot.OfChildren(Server.Program.Pid);
            Supervisor = Snapshot.Of(Server.Program.Pid);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The host of a server that root started.</summary>
    internal OwnHost? Host { get; }

    internal string Folder { get; }

    internal BareServer Server { get; }

    /// <summary>The configuration, which is a pipe.</summary>
    internal string Pipe => Path.Join(Folder, "slow.toml");

    internal string PlantedFile => Path.Join(Folder, "planted");

    internal Snapshot Supervisor { get; }

    internal Snapshot Config { get; }

    internal IReadOnlyList<Snapshot> Ready { get; private set; } = [];

    internal IReadOnlyList<Snapshot> Busy { get; }

    /// <summary>Config, and all that ran when there was mail.</summary>
    internal IEnumerable<Snapshot> All => [Config, .. Busy];

    /// <summary>How many sockets a program has that serves nobody yet: its line to posternd, its channels, those that it listens on.</summary>
    internal static int SocketsOf(string program) =>
        1 + (StandingProgram.All.SingleOrDefault(one => one.Name == program)?.Channels ?? 0) + ListenersOf(program);

    /// <summary>How many sockets a program listens on: the one listener, the port of acme, and the two ways to queue.</summary>
    internal static int ListenersOf(string program) => program switch
    {
        "postern-smtpd" or "postern-acme" => 1,
        "postern-queue" => 2,
        _ => 0,
    };

    public void Dispose()
    {
        Server.Dispose();
        _place.Dispose();
    }

    private IEnumerable<string> Burdened(IEnumerable<string> command) =>
        ["env", "POSTERN_WALLS=127", "POSTERN_PLANTED=planted", "HOME=/planted", Requirement.Peer("bash"), "-c", $"exec {Planted}<\"$0\" && exec \"$@\"", PlantedFile, .. command];

    /// <summary>Starts it with a configuration that ends when config has been looked at.</summary>
    private Snapshot StartSlowly()
    {
        Server.WriteConfiguration();
        Tool.Run("mkfifo", ["--mode=644", Pipe]).MustSucceed();
        // For reading as well: so it is open before anybody reads.
        using var pipe = new FileStream(Pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        pipe.Write(File.ReadAllBytes(Server.ConfigurationFile));
        Server.Launch(Pipe);
        // Behind its last wall it waits for more.
        Snapshot? config = null;
        Patience.Until(
            () => ProcessStatus.Children(Server.Program.Pid, "postern-config") is [var pid]
                && (config = Snapshot.Of(pid)).Threads.All(thread => thread["Seccomp"] == "2"),
            () => $"no config behind its walls: {Server.Program.Said}");
        return config!;
    }
}
