using System.Text;
using Postern.Ipc;
using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Queue.Administration;
using Postern.Queue.Schedule;
using Postern.Queue.Tests.Storage;
using Postern.Role.Logging;
using Postern.Spool;

namespace Postern.Queue.Tests;

/// <summary>A whole queue over a log in memory, or on segments when the test runs for the second time, with a test at the other end of each of its channels.</summary>
internal sealed class QueueRig : IDisposable
{
    private readonly StringBuilder _lines = new();
    private readonly IRecordLog _log;
    private readonly RigStorage? _storage;
    private readonly List<Descriptor> _descriptors = [];

    /// <param name="sectionBytes">About how much a section of the log takes.</param>
    internal QueueRig(int sectionBytes = 1 << 20)
        : this(RigStorage.New(sectionBytes), new ManualClock())
    {
    }

    /// <summary>A queue over a log that the test brings.</summary>
    /// <param name="log">The log.</param>
    /// <param name="clock">The clock of a rig before it.</param>
    /// <param name="composes">False for a <c>bounce</c> that finishes nothing.</param>
    internal QueueRig(IRecordLog log, ManualClock? clock = null, bool composes = true)
    {
        Clock = clock ?? new ManualClock();
        _log = log;
        Loop = new EventLoop(Clock);
        Background = new LaterBackground(Loop);
        var events = new EventLog("queue", Loop, line =>
        {
            _lines.Append(Encoding.ASCII.GetString(line));
            return true;
        });
        Parts = new QueueParts(Loop, Background, events, code => EndCode = code, new QueueLog(_log), Settings());
        Assert.Null(Parts.Replay());
        Smtpd = Join<SubmitterEnd>(ProgramName.Smtpd);
        Local = Join<DelivererEnd>(ProgramName.Local);
        Remote = Join<DelivererEnd>(ProgramName.Remote);
        Bounce = Join<BounceEnd>(ProgramName.Bounce);
        Bounce.Answers = composes;
        Turn();
    }

    internal ManualClock Clock { get; }

    internal EventLoop Loop { get; }

    internal QueueParts Parts { get; }

    /// <summary>What waits for the log's syncs.</summary>
    internal LaterBackground Background { get; }

    private QueueRig(RigStorage storage, ManualClock clock)
        : this(storage.Log, clock) => _storage = storage;

    /// <summary>Its log.</summary>
    internal IRecordLog Log => _log;

    /// <summary>What the log is kept in.</summary>
    internal RigStorage Storage => _storage!;

    internal SubmitterEnd Smtpd { get; }

    internal DelivererEnd Local { get; private set; }

    internal DelivererEnd Remote { get; private set; }

    internal BounceEnd Bounce { get; private set; }

    internal int? EndCode { get; private set; }

    internal string Lines => _lines.ToString();

    public void Dispose()
    {
        Loop.Dispose();
        // Both ends of every channel: a sweep makes more rigs than a process may have descriptors.
        _descriptors.ForEach(descriptor => descriptor.Dispose());
        _log.Dispose();
    }

    /// <summary>The queue as it comes back after a crash: what was not durable is gone.</summary>
    /// <param name="keepOpenBatch">True when the batch that was being committed happened to reach the disk whole.</param>
    internal QueueRig Crash(bool keepOpenBatch = false)
    {
        var survived = Storage.Crash(keepOpenBatch);
        Dispose();
        return new QueueRig(survived, Clock);
    }

    /// <summary>Does something to every message, as an administrator; the recipients that it touched.</summary>
    internal static int ActOnAll(QueueCore core, QueueAct act)
    {
        var acts = new QueueActs(core);
        return Enumerable.Range(0, core.Table.Messages.Bound).Where(message => core.Table.Messages[message].Id != 0)
            .Sum(message => acts.Do(act, message, new Chosen(Selection.All)));
    }

    /// <summary>Kills <c>remote</c> and connects a fresh one.</summary>
    internal void RestartRemote()
    {
        Remote.Channel.Dispose();
        Turn();
        Remote = Join<DelivererEnd>(ProgramName.Remote);
        Turn();
    }

    /// <summary>Connects a fresh <c>local</c> after the end of the old one.</summary>
    internal void RestartLocal()
    {
        Local = Join<DelivererEnd>(ProgramName.Local);
        Turn();
    }

    /// <summary>Connects a fresh <c>bounce</c>; the end of the old one becomes known before that, or after.</summary>
    internal void RestartBounce(bool endKnownFirst)
    {
        var old = Bounce;
        if (endKnownFirst)
        {
            old.Channel.Dispose();
            Turn();
        }

        Bounce = Join<BounceEnd>(ProgramName.Bounce);
        Turn();
        old.Channel.Dispose();
        Turn();
    }

    internal void Turn()
    {
        while (Loop.RunTurn(wait: false))
        {
        }
    }

    internal void Pass(TimeSpan time)
    {
        // In steps, as a running queue would see it.
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(30))
        {
            Clock.Pass(TimeSpan.FromSeconds(30));
            Turn();
        }
    }

    /// <summary>Answers every attempt that a peer has, and forgets it.</summary>
    internal void AnswerAll(DelivererEnd peer, DeliveryOutcome outcome, FaultOf fault = FaultOf.Peer)
    {
        foreach (var attempt in peer.Attempts.ToList())
        {
            peer.Answer(attempt, outcome, fault);
            peer.Attempts.Remove(attempt);
        }

        Turn();
    }

    /// <summary>Lets all that is to go out be late: more than four hours pass in which it is put off; then so many attempts are under way.</summary>
    internal void BeLate(int attempts = 1)
    {
        Turn();
        for (var half = 0; half < 14; half++)
        {
            AnswerAll(Remote, DeliveryOutcome.Temporary);
            Clock.Pass(TimeSpan.FromMinutes(30));
            Turn();
        }

        for (; Remote.Attempts.Count < attempts; Turn())
        {
            Clock.Pass(TimeSpan.FromMinutes(30));
        }
    }

    private static QueueSettings Settings()
    {
        var routing = new Routing("a.test", "mx.a.test");
        Assert.True(routing.TryAdd("relay.test", new NextHop(HopKind.Host, "127.0.0.1", 2600)));
        Assert.True(routing.TryAdd("lmtp.test", new NextHop(HopKind.LmtpHost, "127.0.0.1", 24)));
        return new QueueSettings
        {
            HostName = "mx.a.test",
            Folder = "/nowhere",
            MessageSize = 10 * 1024 * 1024,
            Backoff = new Backoff(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(5), TimeSpan.FromHours(4)),
            Attempts = (20, 200, 64),
            Routing = routing,
        };
    }

    private T Join<T>(ProgramName peer)
        where T : PeerEnd, new()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        _descriptors.AddRange([ours!, theirs!]);
        var end = new T();
        end.Channel = new Channel(Loop, ours!, end);
        Parts.Connect(peer, theirs!);
        return end;
    }
}
