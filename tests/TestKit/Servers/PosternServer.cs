using System.Globalization;

namespace Postern.TestKit.Servers;

/// <summary>A whole server of native programs with a folder of its own.</summary>
public sealed class PosternServer : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ServerPlace _place;
    private PosternConfiguration _configuration;
    private RunningProgram _supervisor;

    private PosternServer(PosternConfiguration configuration, ServerPlace? place)
    {
        _configuration = configuration;
        _place = place ?? new ServerPlace(_scratch.Folder, command => command, path => path);
        Port = configuration.Port ?? LoopbackPort.Free();
        WriteConfiguration();
        _supervisor = Launch();
    }

    /// <summary>The port of the SMTP listener on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The port of the LMTP listener, when there is one.</summary>
    public int LmtpPort { get; } = LoopbackPort.Free();

    /// <summary>Its configuration file.</summary>
    public string ConfigurationFile => _scratch["postern.toml"];

    /// <summary>Its state folder.</summary>
    public string State => Path.Join(_place.Seen(_place.Folder), "state");

    /// <summary>The process id of posternd.</summary>
    public int SupervisorPid => _supervisor.Pid;

    /// <summary>Its log so far.</summary>
    public IReadOnlyList<string> Log => _supervisor.Errors;

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static PosternServer Start(PosternConfiguration? configuration = null, ServerPlace? place = null)
    {
        _ = PosternPrograms.Folder;
        var server = new PosternServer(configuration ?? new PosternConfiguration(), place);
        try
        {
            server.AwaitReady();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The Maildir of a mailbox.</summary>
    public Maildir Mailbox(string user, string? domain = null) =>
        new(Path.Join(MailFolder, domain ?? _configuration.Domain, user), () => string.Join('\n', Log.TakeLast(40)));

    /// <summary>The folder below which the mailboxes lie.</summary>
    public string MailFolder => Path.Join(_place.Seen(_place.Folder), "mail");

    /// <summary>The process id of a program, or null while there is none.</summary>
    public int? PidOf(string program) => Lines().FirstOrDefault(line => line[0] == program) is { } line
        && int.Parse(line[1], CultureInfo.InvariantCulture) is > 0 and var pid ? pid : null;

    /// <summary>The process ids of the users' delivers that run.</summary>
    public IReadOnlyList<int> DeliverPids => Children("postern-deliver");

    /// <summary>How often a program was started.</summary>
    public int StartsOf(string program) => Lines().FirstOrDefault(line => line[0] == program) is { } line
        ? int.Parse(line[3], CultureInfo.InvariantCulture) : 0;

    /// <summary>Kills a program without warning; returns false when it did not run.</summary>
    public bool Kill(string program)
    {
        var pids = program == "deliver" ? Children("postern-deliver") : PidOf(program) is { } pid ? [pid] : [];
        foreach (var one in pids)
        {
            RunningProgram.Signal(one, "KILL");
        }

        return pids.Count > 0;
    }

    /// <summary>Kills posternd without warning, waits until all its programs are gone too, and starts it anew.</summary>
    public void KillEverythingAndRestart()
    {
        KillEverything();
        Restart();
    }

    /// <summary>Kills posternd without warning and waits until all its programs are gone too.</summary>
    public void KillEverything()
    {
        // Not from the table in the state folder: its disk may be gone.
        var pids = ProcessTable.Children(SupervisorPid);
        _supervisor.Signal("KILL");
        _supervisor.AwaitEnd();
        Patience.Until(() => !pids.Any(IsOurs), () => "programs outlive posternd");
    }

    /// <summary>Starts it anew after its end and waits until it is ready.</summary>
    public void Restart()
    {
        _supervisor.Dispose();
        _supervisor = Launch();
        AwaitReady();
    }

    /// <summary>Writes another configuration and asks for it to be taken up; returns at once.</summary>
    public void Reload(PosternConfiguration configuration)
    {
        _configuration = configuration;
        WriteConfiguration();
        _supervisor.Signal("HUP");
    }

    /// <summary>Waits for a log line.</summary>
    public void AwaitLog(Func<string, bool> isIt, string what) => _supervisor.AwaitLine(isIt, what);

    /// <summary>Stops it in good order and returns the exit code.</summary>
    public int Stop()
    {
        _supervisor.Signal("TERM");
        return _supervisor.AwaitEnd();
    }

    /// <summary>Runs <c>postern</c> with this server's configuration as the user of the server.</summary>
    public ToolResult Postern(IEnumerable<string> arguments, string input = "") =>
        Command("postern", ["--config", ConfigurationFile, .. arguments], input);

    /// <summary>Runs a program of ours as the user of the server.</summary>
    public ToolResult Command(string program, IEnumerable<string> arguments, string input = "")
    {
        // sendmail has no option for the configuration: programs that call it know none.
        var command = _place.Inside(Unprivileged.Command("env", ["POSTERN_CONFIG=" + ConfigurationFile, PosternPrograms.Of(program), .. arguments]));
        return Tool.Run(command[0], command.Skip(1), System.Text.Encoding.Latin1.GetBytes(input));
    }

    /// <summary>Runs a line of sh, as whoever runs the tests, in which <c>$0</c> is <c>postern</c>.</summary>
    public ToolResult Shell(string line) => Tool.Run("env", ["POSTERN_CONFIG=" + ConfigurationFile, "/bin/sh", "-c", line, PosternPrograms.Of("postern")]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _supervisor.Dispose();
        _scratch.Dispose();
    }

    private static bool IsOurs(int pid) => ProcessTable.NameOf(pid) is { } name && name.StartsWith("postern", StringComparison.Ordinal);

    private List<int> Children(string name) => ProcessTable.Children(SupervisorPid, name);

    private RunningProgram Launch() => new(_place.Inside(Unprivileged.Command(PosternPrograms.Of("posternd"), "--config", ConfigurationFile)));

    private void AwaitReady() => _supervisor.AwaitLine(line => line == "postern: ready", "postern: ready");

    private void WriteConfiguration() => _scratch.Write("postern.toml", _configuration.Text(_place.Folder, Port, LmtpPort));

    private List<string[]> Lines()
    {
        var path = Path.Join(State, "run", "programs");
        var text = "";
        // posternd writes it anew in its place: for a moment it is empty.
        for (var tries = 0; text.Length == 0 && File.Exists(path) && tries < 1000; tries++)
        {
            text = File.ReadAllText(path);
            if (text.Length == 0)
            {
                Thread.Sleep(1);
            }
        }

        return [.. text.Split('\n').Select(line => line.Split(' ')).Where(parts => parts.Length == 6)];
    }
}
