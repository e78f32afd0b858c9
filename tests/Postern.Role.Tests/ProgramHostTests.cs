using System.Text;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;
using Postern.Role.Confining;

namespace Postern.Role.Tests;

/// <summary>The common rhythm of a program, with the test as posternd: packets are sent beforehand, then the program runs to its end.</summary>
public sealed class ProgramHostTests : IDisposable
{
    private readonly List<string> _diary = [];
    private readonly StringBuilder _log = new();
    private readonly Descriptor _posternd;
    private readonly Descriptor _theirs;

    public ProgramHostTests()
    {
        Assert.False(Socket.OpenPair(packets: true, out var ours, out var theirs).Failed);
        (_posternd, _theirs) = (ours!, theirs!);
    }

    [Fact]
    public void AWholeLife_IsSliceSocketsStartReadyStop()
    {
        SendSlice("one");
        SendWithDescriptor(new ControlPacket(ControlKind.Listener, 4));
        SendWithDescriptor(new ControlPacket(ControlKind.Peer, Detail: (byte)ProgramName.Queue));
        Send(new ControlPacket(ControlKind.Start));
        Send(new ControlPacket(ControlKind.RetireListener, 4));
        SendSlice("two");
        Send(new ControlPacket(ControlKind.Stop));
        Assert.Equal(ExitCode.Success, Run());
        Assert.Equal(["confined", "slice one", "start", "listen 4", "peer Queue", "retire 4", "slice two", "stop"], _diary);
        Assert.Equal([new ControlPacket(ControlKind.Ready, (uint)Walls.All)], Heard());
        Assert.Contains(" info sample confined by=no-new-privileges,not-traceable,no-capabilities,system-calls,files,ports,scope missing=-\n", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SocketsBeforeTheStart_AreTheProgramsAfterItInTheirOrder()
    {
        SendSlice("one");
        SendWithDescriptor(new ControlPacket(ControlKind.Peer, Detail: (byte)ProgramName.Local));
        SendWithDescriptor(new ControlPacket(ControlKind.Listener, 4));
        Send(new ControlPacket(ControlKind.RetireListener, 4));
        SendWithDescriptor(new ControlPacket(ControlKind.Peer, Detail: (byte)ProgramName.Local));
        SendSlice("two");
        Send(new ControlPacket(ControlKind.Start));
        SendWithDescriptor(new ControlPacket(ControlKind.Listener, 5));
        Send(new ControlPacket(ControlKind.Stop));
        Assert.Equal(ExitCode.Success, Run());
        Assert.Equal(["confined", "slice one", "slice two", "start", "peer Local", "listen 4", "retire 4", "peer Local", "listen 5", "stop"], _diary);
    }

    [Fact]
    public void Posternd_HearsReadyOnlyAfterConfinement()
    {
        Send(new ControlPacket(ControlKind.Start));
        Send(new ControlPacket(ControlKind.Stop));
        Assert.Equal(ExitCode.Success, Run(confine: (out breach) =>
        {
            Assert.Empty(Heard());
            breach = null;
            return Walls.SystemCalls;
        }));
        Assert.Equal([new ControlPacket(ControlKind.Ready, (uint)Walls.SystemCalls)], Heard());
        Assert.Contains(" warning sample confined by=system-calls missing=no-new-privileges,", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AWallThatDoesNotHold_EndsTheProgramBeforeItTakesAnything()
    {
        SendSlice("one");
        Send(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.System, Run(confine: (out breach) =>
        {
            breach = "it can fly";
            return Walls.All;
        }));
        Assert.Empty(_diary);
        Assert.Empty(Heard());
        Assert.Contains(" error sample not-confined reason=\"it can fly\"\n", _log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Walls.All, true)]
    [InlineData(Walls.All & ~Walls.Scope, false)]
    [InlineData(Walls.None, false)]
    public void WhereAllWallsMustStand_AProgramThatLacksOneDoesNotServe(Walls walls, bool serves)
    {
        Send(new ControlPacket(ControlKind.Start, 1));
        if (serves)
        {
            Send(new ControlPacket(ControlKind.Stop));
        }

        var code = Run(confine: (out breach) =>
        {
            breach = null;
            return walls;
        });
        Assert.Equal(serves ? ExitCode.Success : ExitCode.System, code);
        Assert.Equal(serves ? 1 : 0, Heard().Count);
        Assert.Equal(serves, !_log.ToString().Contains("[security] strict = true, and this system lacks: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Walls.All)]
    [InlineData(Walls.Files)]
    // What may be done to files at all follows from the slice as well.
    [InlineData(Walls.SystemCalls)]
    public void ASliceWithFilesBeyondTheWalls_EndsTheProgramInGoodOrder(Walls walls)
    {
        SendSlice("/one");
        Send(new ControlPacket(ControlKind.Start));
        SendSlice("/one");
        SendSlice("/two");
        Confine standing = (out breach) =>
        {
            breach = null;
            return walls;
        };
        Assert.Equal(ExitCode.Success, Run(confine: standing, places: slice => [new Place(Encoding.ASCII.GetString(slice), FileUse.Read)]));
        Assert.Equal(["slice /one", "start", "slice /one", "stop"], _diary);
        Assert.Contains(" info sample restarting reason=\"the new configuration names other files\"\n", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTheWallAroundFiles_EverySliceIsTaken()
    {
        SendSlice("/one");
        SendSlice("/two");
        Send(new ControlPacket(ControlKind.Stop));
        Confine none = (out breach) =>
        {
            breach = null;
            return Walls.None;
        };
        Assert.Equal(ExitCode.Success, Run(confine: none, places: slice => [new Place(Encoding.ASCII.GetString(slice), FileUse.Read)]));
        Assert.Equal(["slice /one", "slice /two", "stop"], _diary);
    }

    [Fact]
    public void AControlChannelThatCloses_EndsTheProgram()
    {
        Send(new ControlPacket(ControlKind.Start));
        _posternd.Dispose();
        Assert.Equal(ExitCode.Unavailable, Run());
    }

    [Theory]
    // Bytes that are no packet; a packet that only programs send; and those that come with a descriptor, without one.
    [InlineData("ff")]
    [InlineData("0600000000000000")]
    [InlineData("0700000000000000")]
    [InlineData("0100000000000000")]
    [InlineData("0200000000000000")]
    [InlineData("0300000000040000")]
    // An answer that nobody asked for.
    [InlineData("0800000000000000")]
    public void Nonsense_EndsTheProgram(string hex)
    {
        Assert.False(PacketSocket.Send(_posternd.Number, Convert.FromHexString(hex), null).Failed);
        Send(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.Unavailable, Run());
        Assert.Equal(["confined"], _diary);
    }

    [Fact]
    public void ADescriptorWhereNoneBelongs_EndsTheProgram()
    {
        SendWithDescriptor(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.Unavailable, Run());
        Assert.Equal(["confined"], _diary);
    }

    [Fact]
    public void ASliceThatIsRefused_EndsTheProgram()
    {
        SendSlice(SampleProgram.BadSlice);
        Send(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.Unavailable, Run());
        Assert.Equal(["confined", "slice bad"], _diary);
        Assert.Contains(" error sample slice-refused\n", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AStartThatFails_IsLoggedAndNotReady()
    {
        Send(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.System, Run(context => new SampleProgram(context, _diary) { Problem = "the disk is \u001bgone" }));
        Assert.Empty(Heard());
        Assert.Contains("start-failed reason=\"the disk is \\x1bgone\"\n", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFailureOfOurs_IsLoggedAndEndsTheProgram()
    {
        Send(new ControlPacket(ControlKind.Stop));
        Assert.Equal(ExitCode.Software, Run(context => new SampleProgram(context, null!)));
        Assert.Contains(" error sample crashed error=\"", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheControlSocketOutlivesTheHost()
    {
        // Its closing tells posternd that the process is gone, with its exit code: it must not come before.
        Send(new ControlPacket(ControlKind.Stop));
        Assert.Equal(ExitCode.Success, Run());
        Assert.Null(ControlPacket.Receive(_posternd.Number, out _, out _));
    }

    public void Dispose()
    {
        _posternd.Dispose();
        _theirs.Dispose();
    }

    private int Run(Func<ProgramContext, IProgram>? create = null, Confine? confine = null, PlacesOfSlice? places = null)
    {
        var around = new ProgramSurroundings(_theirs, Take, confine ?? Confine, places);
        return ProgramHost.Run("sample", create ?? (context => new SampleProgram(context, _diary)), around);
    }

    private Walls Confine(out string? breach)
    {
        _diary.Add("confined");
        breach = null;
        return Walls.All;
    }

    private bool Take(ReadOnlySpan<byte> lines)
    {
        _log.Append(Encoding.ASCII.GetString(lines));
        return true;
    }

    private List<ControlPacket> Heard()
    {
        List<ControlPacket> heard = [];
        while (ControlPacket.Receive(_posternd.Number, out var packet, out _) == true)
        {
            heard.Add(packet);
        }

        return heard;
    }

    private void Send(ControlPacket packet, Descriptor? passed = null) => Assert.False(packet.Send(_posternd.Number, passed).Failed);

    private void SendSlice(string content)
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        using (file)
        {
            Assert.False(MemoryFile.Append(file!.Number, Encoding.ASCII.GetBytes(content)).Failed);
            Send(new ControlPacket(ControlKind.Slice), file);
        }
    }

    private void SendWithDescriptor(ControlPacket packet)
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        using (file)
        {
            Send(packet, file);
        }
    }
}
