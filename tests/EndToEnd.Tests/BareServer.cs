using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd;

/// <summary>A server whose surroundings a test chooses: what stands before its command line, and what its configuration adds.</summary>
/// <param name="folder">Where its configuration, state and mailboxes are.</param>
/// <param name="front">Makes a whole command line of a program and its arguments.</param>
internal sealed class BareServer(string folder, Func<IEnumerable<string>, IReadOnlyList<string>> front) : IDisposable
{
    private RunningProgram? _program;

    /// <summary>The port of its listener.</summary>
    internal int Port { get; } = LoopbackPort.Free();

    /// <summary>Lines at the top of the configuration.</summary>
    internal string Top { get; set; } = "";

    /// <summary>Lines of [mailboxes].</summary>
    internal string Mailboxes { get; set; } = "";

    /// <summary>Sections at its end.</summary>
    internal string More { get; set; } = "";

    internal string ConfigurationFile => Path.Join(folder, "postern.toml");

    internal string State => Path.Join(folder, "state");

    internal string MailRoot => Path.Join(folder, "mail");

    internal RunningProgram Program => _program ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Starts it without waiting.</summary>
    internal void Launch()
    {
        WriteConfiguration();
        Launch(ConfigurationFile);
    }

    /// <summary>The same with a configuration that is elsewhere.</summary>
    internal void Launch(string file)
    {
        _program?.Dispose();
        _program = new RunningProgram(front([PosternPrograms.Of("posternd"), "--config", file]));
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    internal void Start()
    {
        Launch();
        AwaitReady();
    }

    /// <summary>Waits until it is ready.</summary>
    internal void AwaitReady() => Program.AwaitLine(line => line == "postern: ready", "postern: ready");

    /// <summary>Starts it and waits for its end, which must come before it was ready.</summary>
    internal (int Code, string Said) Refused()
    {
        Launch();
        var code = Program.AwaitEnd();
        Assert.DoesNotContain("postern: ready", Program.Output);
        return (code, Program.Said);
    }

    /// <summary>Stops it in good order and returns the exit code.</summary>
    internal int Stop()
    {
        Program.Signal("TERM");
        return Program.AwaitEnd();
    }

    /// <summary>Writes the configuration as it is now described.</summary>
    internal void WriteConfiguration()
    {
        File.WriteAllText(ConfigurationFile, $"""
            hostname = "mx.example.org"
            domains = ["example.org"]
            state = "{State}"
            {Top}
            [[listen]]
            address = "127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}"
            [mailboxes]
            root = "{MailRoot}"
            users = ["alice@example.org", "bob@example.org"]
            {Mailboxes}
            {More}

            """);
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(ConfigurationFile, readable);
    }

    /// <summary>The one living process of a program; waits until it is there.</summary>
    internal int PidOf(string program)
    {
        List<int> found = [];
        Patience.Until(() => (found = ProcessStatus.Children(Program.Pid, program)).Count == 1, () => $"{found.Count} processes {program}: {Program.Said}");
        return found[0];
    }

    /// <summary>A mailbox below the root.</summary>
    internal Maildir Mailbox(string user) => new(Path.Join(MailRoot, "example.org", user), () => Program.Said);

    /// <summary>Runs the command line with this server's configuration.</summary>
    internal ToolResult Postern(params IEnumerable<string> arguments)
    {
        var command = front([PosternPrograms.Of("postern"), "--config", ConfigurationFile, .. arguments]);
        return Tool.Run(command[0], command.Skip(1));
    }

    /// <summary>Waits for a line that contains a text.</summary>
    internal void AwaitLog(string text) => Program.AwaitLine(line => line.Contains(text, StringComparison.Ordinal), text);

    public void Dispose() => _program?.Dispose();
}
