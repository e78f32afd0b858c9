using System.Text;
using Postern.Ipc;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Role.Tests;

/// <summary>A program's own part without its process: the test is posternd and the partners, and moves the clock.</summary>
internal sealed class ProgramProbe : IDisposable
{
    private readonly ManualTime _clock = new();
    private readonly EventLoop _loop;
    private readonly ProgramContext _context;
    private readonly StringBuilder _log = new();

    internal ProgramProbe(Func<ProgramContext, IProgram> create)
    {
        _loop = new EventLoop(_clock);
        _context = new ProgramContext(_loop, new EventLog("probe", _loop, line => _log.Append(Encoding.ASCII.GetString(line)) is not null), () => -1);
        Program = create(_context);
    }

    internal IProgram Program { get; }

    internal string Log => _log.ToString();

    /// <summary>What it ended with; 0 while it runs.</summary>
    internal int EndCode => _context.EndCode;

    public void Dispose() => _loop.Dispose();

    /// <summary>Wires it with a partner; returns the partner's end.</summary>
    internal Connection Connect(ProgramName peer)
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        Program.Connect(peer, theirs!);
        Turn();
        return new Connection(_loop, ours!);
    }

    /// <summary>The partner sends a frame that nobody has.</summary>
    internal void SendNonsense(Connection partner)
    {
        Assert.Equal(6, partner.TryWrite([0, 0, 0, 0, 0xff, 0xff]).Count);
        Turn();
        Assert.Equal(IoStatus.Ended, partner.TryRead(new byte[1]).Status);
    }

    /// <summary>The partner is gone, or took the program for hostile.</summary>
    internal void Close(Connection partner)
    {
        partner.Dispose();
        Turn();
    }

    internal void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        Turn();
    }

    /// <summary>Asserts that the program ends when nothing comes in the place of a channel, and not before.</summary>
    internal void AssertGivesWay(ProgramName peer, bool nonsense)
    {
        var partner = Connect(peer);
        if (nonsense)
        {
            SendNonsense(partner);
        }
        else
        {
            Close(partner);
        }

        Pass(StandingLinks.Patience - TimeSpan.FromTicks(1));
        Assert.Equal(0, EndCode);
        Pass(TimeSpan.FromTicks(1));
        Assert.Equal(ExitCode.Unavailable, EndCode);
        Assert.Contains($"error probe link-dead peer={peer}\n", Log, StringComparison.Ordinal);
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks = TimeSpan.FromDays(1).Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
