using System.Globalization;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;
using Postern.TestKit.Servers;

namespace Postern.Crash.Bare;

/// <summary>The native postern-queue alone, with the test in the place of posternd, smtpd and local: a start costs hundredths of a second.</summary>
/// <remarks>Everything happens on the thread that calls; several may run side by side, each on a thread of its own.</remarks>
internal sealed class BareQueue : IDisposable
{
    /// <summary>Short segments: what a busy server does in a day happens in a second.</summary>
    internal const uint SegmentBytes = 256 << 10;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(5);

    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly Descriptor _control;
    private readonly LoopTimer _ticks;
    private readonly string _errors;
    private readonly int _child;
    private ProcessEnd? _end;

    private BareQueue(string folder, string errors, IReadOnlyList<string> front, IReadOnlyList<string> environment)
    {
        _errors = errors;
        _ticks = _loop.CreateTimer(() => _ticks!.Set(_tick));
        _ticks.Set(_tick);
        Must(Socket.OpenPair(packets: true, out var ours, out var theirs));
        _control = ours!;
        _child = Start(theirs!, [.. front, PosternPrograms.Of("postern-queue")], environment);
        theirs!.Dispose();
        SendSlice(folder);
        Smtpd = new Submitter();
        Smtpd.Channel = new Channel(_loop, Offer(ProgramName.Smtpd), Smtpd);
        Local = new Recipients();
        Local.Channel = new Channel(_loop, Offer(ProgramName.Local), Local);
        // One that is killed at its first call takes no packet any more.
        _ = new ControlPacket(ControlKind.Start).Send(_control.Number);
    }

    /// <summary>Who hands in messages.</summary>
    internal Submitter Smtpd { get; }

    /// <summary>Who takes them.</summary>
    internal Recipients Local { get; }

    /// <summary>The process that was started.</summary>
    internal int Pid => _child;

    /// <summary>Whether it said that it is ready.</summary>
    internal bool IsReady { get; private set; }

    /// <summary>How it ended; null while it lives.</summary>
    internal ProcessEnd? End
    {
        get
        {
            if (_end is null && ChildProcess.Reap(_child, wait: false, out var end) is { Failed: false, Value: > 0 })
            {
                _end = end;
            }

            return _end;
        }
    }

    /// <summary>What it logged.</summary>
    internal string Log => File.ReadAllText(_errors);

    /// <summary>Starts it over a folder.</summary>
    /// <param name="folder">The queue's folder.</param>
    /// <param name="errors">The file that gets its log.</param>
    /// <param name="front">What stands before it on the command line: strace and its options, or nothing.</param>
    /// <param name="environment">What it gets besides the fixed list.</param>
    internal static BareQueue Start(string folder, string errors, IReadOnlyList<string>? front = null, IReadOnlyList<string>? environment = null) =>
        new(folder, errors, front ?? [], environment ?? []);

    /// <summary>Lets everything happen until a condition holds; false when the program ended before.</summary>
    internal bool Await(Func<bool> condition, string what)
    {
        var limit = DateTimeOffset.UtcNow + Patience.Long;
        while (!condition())
        {
            if (End is not null)
            {
                Drain();
                return condition();
            }

            if (DateTimeOffset.UtcNow > limit)
            {
                throw new TimeoutException($"{what} never came:\n{Log}");
            }

            TakePackets();
            _loop.RunTurn(wait: true);
        }

        return true;
    }

    /// <summary>Waits until it is ready; false when it ended instead.</summary>
    internal bool AwaitReady() => Await(() => IsReady, "ready");

    /// <summary>Waits until it is over.</summary>
    internal ProcessEnd AwaitEnd()
    {
        _ = Await(() => End is not null, "the end");
        return _end!.Value;
    }

    /// <summary>Asks it to stop in good order, and waits.</summary>
    internal ProcessEnd Stop()
    {
        _ = new ControlPacket(ControlKind.Stop).Send(_control.Number);
        return AwaitEnd();
    }

    /// <summary>Ends it without warning.</summary>
    internal void Kill()
    {
        foreach (var pid in Pids())
        {
            _ = ChildProcess.Signal(pid, ChildProcess.SignalKill);
        }

        AwaitEnd();
    }

    public void Dispose()
    {
        if (End is null)
        {
            Kill();
        }

        Smtpd.Channel.Dispose();
        Local.Channel.Dispose();
        _control.Dispose();
        _loop.Dispose();
    }

    private int Start(Descriptor control, string[] command, IReadOnlyList<string> environment)
    {
        using var errors = File.Open(_errors, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        using var nothing = File.OpenHandle("/dev/null");
        var nowhere = (int)nothing.DangerousGetHandle();
        var started = ProcessStart.Spawn(
            command[0],
            command,
            ["HOME=/var/empty", "DOTNET_GCgen0size=100000", "DOTNET_EnableDiagnostics=0", .. environment],
            [nowhere, nowhere, (int)errors.SafeFileHandle.DangerousGetHandle(), control.Number]);
        Must(started);
        return started.Value;
    }

    private static void Must(CallResult result)
    {
        if (result.Failed)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }

    // What it still said before its end.
    private void Drain()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    private void TakePackets()
    {
        while (ControlPacket.Receive(_control.Number, out var packet, out var passed) == true)
        {
            passed?.Dispose();
            IsReady |= packet.Kind == ControlKind.Ready;
        }
    }

    private IEnumerable<int> Pids()
    {
        var children = $"/proc/{_child}/task/{_child}/children";
        string[] below = File.Exists(children) ? File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return [.. below.Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)), _child];
    }

    private void SendSlice(string folder)
    {
        var slice = new SliceWriter();
        slice.Add(new QueueSlice
        {
            HostName = "mx.a.test",
            Folder = folder,
            MessageSize = 10_000_000,
            RetryFirstSeconds = 1,
            RetryMaxSeconds = 1,
            ExpireSeconds = 432_000,
            WarnAfterSeconds = 0,
            MaxPerDestination = 20,
            MaxRemote = 20,
            MaxLocal = 20,
            SegmentBytes = SegmentBytes,
        });
        slice.Add(new DomainSlice { Domain = "a.test" });
        Must(MemoryFile.Create(out var file));
        using (file)
        {
            Must(MemoryFile.Append(file!.Number, slice.Bytes));
            _ = new ControlPacket(ControlKind.Slice).Send(_control.Number, file);
        }
    }

    private Descriptor Offer(ProgramName peer)
    {
        Must(Socket.OpenPair(packets: false, out var ours, out var theirs));
        using (theirs)
        {
            _ = new ControlPacket(ControlKind.Peer, Detail: (byte)peer).Send(_control.Number, theirs);
        }

        return ours!;
    }
}
