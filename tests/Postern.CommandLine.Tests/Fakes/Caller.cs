using System.Text;
using Postern.CommandLine.Output;
using Postern.CommandLine.Resolving;
using Postern.CommandLine.Server;
using Postern.Ipc;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Tests.Fakes;

/// <summary>Calls the program in a folder of its own, without a process.</summary>
internal sealed class Caller : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly MemoryStream _raw = new();

    internal Caller()
    {
        Folder = System.IO.Directory.CreateTempSubdirectory("pst").FullName;
        System.IO.Directory.CreateDirectory(Path.Join(Folder, "run"));
    }

    /// <summary>The state folder.</summary>
    internal string Folder { get; }

    /// <summary>The largest message.</summary>
    internal ulong MessageSize { get; init; } = 10_000_000;

    /// <summary>Whether standard output is a terminal.</summary>
    internal bool IsTerminal { get; init; }

    /// <summary>The calling user.</summary>
    internal uint Uid { get; init; } = 1001;

    /// <summary>The slices of the configuration, for those who ask for them.</summary>
    internal IReadOnlyDictionary<ProgramName, byte[]>? Slices { get; init; }

    /// <summary>Plays the directory for one question; null when it must not be asked.</summary>
    internal Action<FrameConnection>? Directory { get; init; }

    internal string QueueSocket => Path.Join(Folder, "run", "queue.sock");

    internal string ControlSocket => Path.Join(Folder, "run", "control.sock");

    internal string Output => _output.ToString();

    internal string Error => _error.ToString();

    internal byte[] Raw => _raw.ToArray();

    /// <summary>Calls it.</summary>
    /// <param name="input">Standard input, a character per byte.</param>
    /// <param name="arguments">All arguments, the name first.</param>
    internal int Run(string input, params string[] arguments)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(input));
        return Run(stream, arguments);
    }

    /// <summary>Calls it with a stream for standard input.</summary>
    internal int Run(Stream input, params string[] arguments) => Entry.Run(arguments, new Invocation
    {
        Screen = new Screen(_output, _error, _raw, IsTerminal),
        Input = input,
        Time = new StoppedClock(),
        Load = Load,
        LoadSlices = _ => Slices ?? throw new InvalidOperationException("no slices"),
        StartDirectory = StartDirectory,
        Uid = Uid,
        ReadPasswords = static () => "root:x:0:0:root:/root:/bin/sh\nann:x:1001:100:Ann:/home/ann:/bin/sh\n"u8.ToArray(),
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        System.IO.Directory.Delete(Folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
        _raw.Dispose();
    }

    private DirectoryProcess StartDirectory(byte[] slice)
    {
        Assert.NotNull(Directory);
        Assert.Equal(Slices![ProgramName.Directory], slice);
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        var thread = new Thread(() =>
        {
            using var connection = new FrameConnection(theirs!, "the client");
            try
            {
                while (true)
                {
                    Directory(connection);
                }
            }
            catch (CommandFailure)
            {
                // The client has gone.
            }
        })
        { IsBackground = true };
        thread.Start();
        return new DirectoryProcess(new FrameConnection(ours!, "the directory"), new Descriptor(-1), 0);
    }

    /// <summary>How reading the configuration fails; null when it does not.</summary>
    internal CommandFailure? LoadFailure { get; init; }

    /// <summary>Whether the configuration file is right.</summary>
    internal bool IsFileRight { get; init; } = true;

    private ServerSettings Load(string file)
    {
        if (LoadFailure is not null)
        {
            throw LoadFailure;
        }

        Assert.True(DomainName.TryParse("mx.example.org", out var host));
        Assert.True(DomainName.TryParse("example.org", out var domain));
        return new ServerSettings { State = Folder, HostName = host, MailDomain = domain, MessageSize = MessageSize, IsFileRight = IsFileRight };
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 20, 1, 2, TimeSpan.Zero);
    }
}
