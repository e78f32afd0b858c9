using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Queue.Schedule;
using Postern.Role.Logging;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>One run of the queue's own logic over a simulated disk and clock, from its start to whatever ends it.</summary>
internal sealed class SimLife : IDisposable
{
    private readonly Ledger _ledger;
    private readonly Random _random;
    private readonly EventLoop _loop;
    private readonly QueueLog _log;
    private readonly SimBackground _background;
    private readonly List<Descriptor> _queueEnds = [];
    private SimLife(Ledger ledger, Random random, TimeProvider clock, IRecordLog log)
    {
        (_ledger, _random) = (ledger, random);
        _loop = new EventLoop(clock);
        _log = new QueueLog(log);
        _background = new SimBackground(random);
        var events = new EventLog("queue", _loop, line =>
        {
            ledger.Logged(line);
            return true;
        });
        Parts = new QueueParts(_loop, _background, events, code => EndCode = code, _log, _settings);
        Parts.Core.Chance = random.NextDouble;
    }

    internal QueueParts Parts { get; }

    internal SimClient Client { get; private set; } = null!;

    internal SimDeliverer Local { get; private set; } = null!;

    internal SimDeliverer Remote { get; private set; } = null!;

    internal SimBounce Bounce { get; private set; } = null!;

    /// <summary>Set once the program would have ended.</summary>
    internal int? EndCode { get; private set; }

    /// <summary>Starts a run; null when the storage did not allow it this time.</summary>
    internal static SimLife? Start(Ledger ledger, Random random, TimeProvider clock, IRecordLog log, Action<QueueCore> begin)
    {
        var life = new SimLife(ledger, random, clock, log);
        try
        {
            if (life.Parts.Replay() is { } problem)
            {
                ledger.Note(() => $"not started: {problem} {log.LastFailure}");
                life.Dispose();
                return null;
            }

            begin(life.Parts.Core);
            life.Turn();
            Assert.Null(ledger.FalseAlarm);
            life.JoinClient();
            life.Local = life.Join(ProgramName.Local, new SimDeliverer(ledger, random));
            life.Remote = life.Join(ProgramName.Remote, new SimDeliverer(ledger, random));
            life.Bounce = life.Join(ProgramName.Bounce, new SimBounce(ledger, random));
            life.Parts.Dispatcher.Run();
            life.Parts.Notices.Run();
            life.Turn();
            return life;
        }
        catch
        {
            life.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Client?.Abandon();
        _loop.Dispose();
        foreach (var end in new PeerEnd?[] { Client, Local, Remote, Bounce })
        {
            end?.Channel.Dispose();
        }

        _queueEnds.ForEach(end => end.Dispose());
        _log.Dispose();
    }

    /// <summary>Lets the queue do all that it can do now.</summary>
    internal void Turn()
    {
        while (EndCode is null && (_loop.RunTurn(wait: false) || _background.Step()))
        {
        }

        if (EndCode is null)
        {
            // A result whose commit is under way is not durable, however long ago the clock says it was told.
            if (!_background.IsBusy)
            {
                _ledger.Settle();
            }
        }
        else
        {
            // What it said before it ended is on its way all the same.
            while (_loop.RunTurn(wait: false))
            {
            }
        }
    }

    /// <summary>The same, to the end of every sync: none lasts as long as a clock could show.</summary>
    internal void TurnToTheEnd()
    {
        var quick = _background.IsQuick;
        _background.IsQuick = true;
        Turn();
        _background.IsQuick = quick;
    }

    /// <summary>One of the partners dies, and a fresh one is connected.</summary>
    internal void ReplacePartner()
    {
        Turn(); // What it had said is heard.
        if (EndCode is not null)
        {
            return;
        }

        var lot = _random.Next(4);
        if (lot == 0)
        {
            Client.Abandon();
            Client.Channel.Dispose();
            Turn();
            JoinClient();
        }
        else if (lot == 1)
        {
            Local.Channel.Dispose();
            Turn();
            Local = Join(ProgramName.Local, new SimDeliverer(_ledger, _random) { IsKind = Local.IsKind });
        }
        else if (lot == 2)
        {
            // The other end comes before the old one is seen to be gone.
            Remote.Channel.Dispose();
            Remote = Join(ProgramName.Remote, new SimDeliverer(_ledger, _random) { IsKind = Remote.IsKind });
        }
        else
        {
            Bounce.Channel.Dispose();
            Bounce = Join(ProgramName.Bounce, new SimBounce(_ledger, _random) { IsKind = Bounce.IsKind });
        }

        Turn();
    }

    internal void BeKind() => _background.IsQuick = Local.IsKind = Remote.IsKind = Bounce.IsKind = true;

    private void JoinClient() => Client = Join(ProgramName.Smtpd, new SimClient(_ledger, _random));

    private T Join<T>(ProgramName peer, T end)
        where T : PeerEnd
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        end.Channel = new Channel(_loop, ours!, end);
        _queueEnds.Add(theirs!);
        Parts.Connect(peer, theirs!);
        return end;
    }

    private static readonly QueueSettings _settings = Settings(isRouted: false);

    /// <summary>The configuration changes: a domain gets or loses a route of its own.</summary>
    internal void Reload() => Parts.Adopt(Settings(isRouted: _random.Next(2) == 0));

    private static QueueSettings Settings(bool isRouted)
    {
        var routing = new Routing("a.test", "mx.a.test");
        Assert.True(routing.TryAdd("relay.test", new NextHop(HopKind.Host, "127.0.0.1", 2600)));
        if (isRouted)
        {
            Assert.True(routing.TryAdd("b.test", new NextHop(HopKind.Host, "127.0.0.1", 2601)));
        }

        return new QueueSettings
        {
            HostName = "mx.a.test",
            Folder = "/nowhere",
            MessageSize = 1024 * 1024,
            Backoff = new Backoff(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(2), TimeSpan.FromHours(2)),
            Attempts = (3, 6, 4),
            Routing = routing,
        };
    }
}
