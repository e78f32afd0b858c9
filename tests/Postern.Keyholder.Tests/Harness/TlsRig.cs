using System.Diagnostics;
using System.Text;
using Postern.Ipc;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role;
using Postern.Role.Logging;
using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;
using Postern.Text;
using Postern.Tls.Native;
using NetSocket = System.Net.Sockets.Socket;

namespace Postern.Keyholder.Tests.Harness;

/// <summary>The program without its process: the test is posternd and smtpd, moves the clock and turns the loop; clients come over TCP.</summary>
internal sealed class TlsRig : IDisposable
{
    private readonly EventLoop _loop;
    private readonly ProgramContext _context;
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly StringBuilder _log = new();
    private readonly Descriptor _listener;
    private readonly int _port = LoopbackPort.Free();
    private readonly List<IDisposable> _ends = [];
    private Descriptor? _line;

    /// <param name="problem">Why there is no OpenSSL; null when there is.</param>
    internal TlsRig(string? problem = null)
    {
        Assert.Null(OpenSsl.Open());
        _loop = new EventLoop(Time);
        _context = new ProgramContext(_loop, new EventLog("tls", _loop, line => _log.Append(Encoding.ASCII.GetString(line)) is not null), () => -1);
        Program = new TlsProgram(_context, problem);
        Assert.True(IpAddress.TryParse("127.0.0.1", out Client));
        Assert.False(Socket.OpenListener(SocketAddress.Inet(Client, (ushort)_port), out var listener).Failed);
        _listener = listener!;
    }

    internal readonly IpAddress Client;

    internal ManualTime Time { get; } = new();

    internal TlsProgram Program { get; }

    internal string Log => _log.ToString();

    internal int EndCode => _context.EndCode;

    /// <summary>True once the program wants its loop to end.</summary>
    internal bool HasStopped => Stopped(_loop);

    /// <summary>Clients that the program has.</summary>
    internal int ClientCount => Table(Program).Count;

    /// <summary>The program's loop.</summary>
    internal EventLoop Loop => _loop;

    /// <summary>Timers that are set.</summary>
    internal int TimerCount => Count(Timers(_loop));

    /// <summary>What smtpd keeps of all that it hands over, as one that was taken over may; null when it closes its own.</summary>
    internal List<Descriptor>? Kept { get; set; }

    /// <summary>smtpd's end of the line.</summary>
    internal Descriptor Line => _line!;

    /// <summary>A rig whose program runs, with these certificates.</summary>
    internal static TlsRig Started(bool asks = false, params IEnumerable<Paper> papers)
    {
        var rig = new TlsRig();
        Assert.True(rig.Configure([.. papers.Select((paper, index) => rig.Put($"{index}", paper))], asks));
        rig.Connect();
        Assert.Null(rig.Program.Start());
        return rig;
    }

    /// <summary>Writes a certificate and its key into files, new ones in the place of old ones.</summary>
    internal CertificateSlice Put(string name, Paper paper)
    {
        var (chain, key) = (_scratch[name + ".crt"], _scratch[name + ".key"]);
        File.WriteAllText(chain, paper.Chain);
        File.WriteAllText(key, paper.Key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new CertificateSlice { Chain = chain, Key = key };
    }

    /// <summary>Gives the program a configuration, the first one or another.</summary>
    internal bool Configure(CertificateSlice[] files, bool asks = false)
    {
        var slice = new SliceWriter();
        slice.Add(new TlsSlice { HostName = "mx.example", AsksForCertificate = asks });
        foreach (var file in files)
        {
            slice.Add(file);
        }

        var taken = Program.Configure(slice.Bytes);
        Turn();
        return taken;
    }

    /// <summary>Wires it with smtpd, anew if need be.</summary>
    internal void Connect()
    {
        Assert.False(Socket.OpenPair(packets: true, out var ours, out var theirs).Failed);
        _line?.Dispose();
        _line = ours;
        Program.Connect(ProgramName.Smtpd, theirs!);
        Turn();
    }

    /// <summary>A client of the framework comes and is handed over.</summary>
    internal (NetClient Client, Handed Smtpd) Take(NetManner? manner = null, ServiceKind service = ServiceKind.Smtp)
    {
        var (socket, handed) = TakeRaw(service);
        return (Keep(new NetClient(socket, manner ?? new NetManner())), handed);
    }

    /// <summary>A client that says what it likes comes and is handed over.</summary>
    internal (NetSocket Client, Handed Smtpd) TakeRaw(ServiceKind service = ServiceKind.Smtp)
    {
        var socket = Keep(new NetSocket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true });
        socket.Connect(System.Net.IPAddress.Loopback, _port);
        Assert.False(Socket.Accept(_listener.Number, out var accepted, out _).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var near, out var far).Failed);
        HandOver(accepted!, far!, service);
        return (socket, Keep(new Handed(near!)));
    }

    /// <summary>Hands over what may be a client.</summary>
    internal void HandOver(Descriptor client, Descriptor plain, ServiceKind service = ServiceKind.Smtp)
    {
        Assert.False(new HandOver(service, Client).Send(_line!.Number, client, plain).Failed);
        if (Kept is null)
        {
            client.Dispose();
            plain.Dispose();
        }
        else
        {
            Kept.AddRange([client, plain]);
        }

        Turn();
    }

    /// <summary>A client has agreed, and smtpd knows of it.</summary>
    internal (NetClient Client, Handed Smtpd) Agreed(NetManner? manner = null, ServiceKind service = ServiceKind.Smtp)
    {
        var (client, smtpd) = Take(manner, service);
        Await(client.Agree());
        Until(() => smtpd.Facts is not null, smtpd);
        return (client, smtpd);
    }

    /// <summary>Runs the loop until nothing happens any more by itself.</summary>
    internal void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    /// <summary>Runs one turn; true when anything happened.</summary>
    internal bool TurnOnce() => _loop.RunTurn(wait: false);

    /// <summary>Lets time pass for the program.</summary>
    internal void Pass(TimeSpan time)
    {
        Turn();
        Time.Advance(time);
        Turn();
    }

    /// <summary>Runs the loop until something is so; smtpd reads meanwhile what it is given to.</summary>
    internal void Until(Func<bool> condition, params Handed[] reading)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var worked = _loop.RunTurn(wait: false);
            foreach (var one in reading)
            {
                one.Read();
            }

            if (condition())
            {
                return;
            }

            Assert.True(watch.Elapsed < Patience.Long, $"It does not come to that:\n{Log}");
            if (!worked)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Runs the loop until a client has done something.</summary>
    internal void Await(Task done, params Handed[] reading)
    {
        Until(() => done.IsCompleted, reading);
        done.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Await(Task, Handed[])"/>
    internal T Await<T>(Task<T> done, params Handed[] reading)
    {
        Until(() => done.IsCompleted, reading);
        return done.GetAwaiter().GetResult();
    }

    /// <summary>Demands that an ordinary client is served.</summary>
    internal void DemandService()
    {
        var (client, smtpd) = Agreed();
        Await(client.Say("hello"u8.ToArray()));
        Until(() => smtpd.SaidCount == 5, smtpd);
        Assert.Equal("hello"u8.ToArray(), smtpd.Said);
        Assert.Equal(3, smtpd.Write("250"u8));
        Assert.Equal("250"u8.ToArray(), Await(client.Hear(3)));
        Assert.DoesNotContain("client-crashed", Log, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Program.Stop();
        _ends.ForEach(end => end.Dispose());
        Kept?.ForEach(kept => kept.Dispose());
        _line?.Dispose();
        _listener.Dispose();
        Turn();
        _loop.Dispose();
        _scratch.Dispose();
    }

    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_clients")]
    private static extern ref Keyholder.Clients.ClientTable Table(TlsProgram program);

    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_stopped")]
    private static extern ref bool Stopped(EventLoop loop);

    private static object Timers(EventLoop loop) =>
        typeof(EventLoop).GetProperty("Timers", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(loop)!;

    private static int Count(object timers) =>
        (int)timers.GetType().GetProperty("Count", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(timers)!;

    private T Keep<T>(T end)
        where T : IDisposable
    {
        _ends.Add(end);
        return end;
    }
}
