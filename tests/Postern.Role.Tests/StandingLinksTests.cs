using Postern.Ipc;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;

namespace Postern.Role.Tests;

/// <summary>A channel that is over and does not come back ends the program that gives way, and nothing else does.</summary>
public sealed class StandingLinksTests : IDisposable
{
    private static readonly TimeSpan _long = StandingLinks.Patience * 10;

    private readonly ProgramProbe _probe = new(context => new Watcher(context));

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChannelThatIsOver_EndsTheProgramWhenNoOtherComes(bool nonsense) => _probe.AssertGivesWay(ProgramName.Queue, nonsense);

    [Fact]
    public void ChannelThatLives_EndsNothing()
    {
        _ = _probe.Connect(ProgramName.Queue);
        _probe.Pass(_long);
        Assert.Equal(0, _probe.EndCode);
    }

    [Fact]
    public void PartnerThatWasStartedAnew_EndsNothing()
    {
        var first = _probe.Connect(ProgramName.Queue);
        _probe.Close(first);
        _probe.Pass(StandingLinks.Patience - TimeSpan.FromTicks(1));
        _ = _probe.Connect(ProgramName.Queue);
        _probe.Pass(_long);
        Assert.Equal(0, _probe.EndCode);
    }

    // posternd's packet and the end of the old channel come by different ways.
    [Fact]
    public void EndOfAnOldChannelThatIsSeenAfterTheFreshOne_EndsNothing()
    {
        var first = _probe.Connect(ProgramName.Queue);
        _ = _probe.Connect(ProgramName.Queue);
        _probe.Close(first);
        _probe.Pass(_long);
        Assert.Equal(0, _probe.EndCode);
    }

    [Fact]
    public void FreshChannelToAnother_DoesNotStandForTheOneThatIsOver()
    {
        var first = _probe.Connect(ProgramName.Queue);
        _probe.Close(first);
        _ = _probe.Connect(ProgramName.Smtpd);
        _probe.Pass(StandingLinks.Patience);
        Assert.Equal(ExitCode.Unavailable, _probe.EndCode);
    }

    [Fact]
    public void FreshChannelThatIsOverToo_IsWaitedForAnew()
    {
        _probe.Close(_probe.Connect(ProgramName.Queue));
        _probe.Pass(StandingLinks.Patience / 2);
        _probe.Close(_probe.Connect(ProgramName.Queue));
        _probe.Pass(StandingLinks.Patience - TimeSpan.FromTicks(1));
        Assert.Equal(0, _probe.EndCode);
        _probe.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(ExitCode.Unavailable, _probe.EndCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ProgramThatWasToldToStop_IsNotHurriedByThePartnersThatGo(bool before)
    {
        var partner = _probe.Connect(ProgramName.Queue);
        if (before)
        {
            _probe.Program.Stop();
            _probe.Close(partner);
        }
        else
        {
            _probe.Close(partner);
            _probe.Program.Stop();
        }

        _probe.Pass(_long);
        Assert.Equal(0, _probe.EndCode);
    }

    /// <summary>Watches every channel, and takes no frame; when told to stop it has something left to do.</summary>
    private sealed class Watcher(ProgramContext context) : IProgram, IChannelEvents
    {
        public bool Configure(ReadOnlySpan<byte> slice) => true;

        public void Connect(ProgramName peer, Descriptor channel) => _ = new Channel(context.Loop, channel, context.Links.Watch(peer, this));

        public void Listen(int index, Descriptor listener) => listener.Dispose();

        public void Retire(int index)
        {
        }

        public string? Start() => null;

        public void Stop() => context.Links.Stop();

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) => false;

        public void OnChannelClosed(Channel channel, bool hostile)
        {
        }
    }
}
