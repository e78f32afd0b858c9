using System.Text;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

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
        Assert.Equal(["slice one", "listen 4", "peer Queue", "start", "confined", "retire 4", "slice two", "stop"], _diary);
        Assert.Equal([new ControlPacket(ControlKind.Ready)], Heard());
        Assert.Contains(" confined by=everything\n", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Posternd_HearsReadyOnlyAfterConfinement()
    {
        Send(new ControlPacket(ControlKind.Start));
        Send(new ControlPacket(ControlKind.Stop));
        Assert.Equal(ExitCode.Success, Run(confine: () =>
        {
            Assert.Empty(Heard());
            return "x";
        }));
        Assert.Single(Heard());
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
        Assert.Empty(_diary);
    }

    [Fact]
    public void ADescriptorWhereNoneBelongs_EndsTheProgram()
    {
        SendWithDescriptor(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.Unavailable, Run());
        Assert.Empty(_diary);
    }

    [Fact]
    public void ASliceThatIsRefused_EndsTheProgram()
    {
        SendSlice(SampleProgram.BadSlice);
        Send(new ControlPacket(ControlKind.Start));
        Assert.Equal(ExitCode.Unavailable, Run());
        Assert.Equal(["slice bad"], _diary);
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

    private int Run(Func<ProgramContext, IProgram>? create = null, Func<string>? confine = null)
    {
        var around = new ProgramSurroundings(_theirs, Take, confine ?? Confine);
        return ProgramHost.Run("sample", create ?? (context => new SampleProgram(context, _diary)), around);
    }

    private string Confine()
    {
        _diary.Add("confined");
        return "everything";
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
