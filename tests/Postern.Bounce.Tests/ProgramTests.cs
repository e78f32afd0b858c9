using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Role.Tests;

namespace Postern.Bounce.Tests;

/// <summary>Bounce as posternd drives it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly ProgramProbe _probe = new(context => new BounceProgram(context));

    public ProgramTests() => Assert.True(_probe.Program.Configure(Slice("mx.a.test", "postmaster@a.test")));

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChannelToTheQueueThatIsOver_EndsBounceWhenNoOtherComes(bool nonsense) => _probe.AssertGivesWay(ProgramName.Queue, nonsense);

    [Fact]
    public void Reload_IsObeyedByTheNextNotification()
    {
        using var queue = _probe.Connect(ProgramName.Queue);
        var first = Compose(queue, 1);
        Assert.Contains("From: Mail Delivery System <postmaster@a.test>", first, StringComparison.Ordinal);
        Assert.Contains("\r\nReporting-MTA: dns; mx.a.test\r\n", first, StringComparison.Ordinal);
        Assert.True(_probe.Program.Configure(Slice("mx.b.test", "root@b.test")));
        var second = Compose(queue, 2);
        Assert.Contains("From: Mail Delivery System <root@b.test>", second, StringComparison.Ordinal);
        Assert.Contains("\r\nReporting-MTA: dns; mx.b.test\r\n", second, StringComparison.Ordinal);
        Assert.DoesNotContain("a.test>", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "postmaster@a.test")]
    [InlineData("mx.a.test", "nobody")]
    public void SliceThatNamesNobody_IsRefused(string host, string postmaster) =>
        Assert.False(_probe.Program.Configure(Slice(host, postmaster)));

    private static byte[] Slice(string host, string postmaster)
    {
        var slice = new SliceWriter();
        slice.Add(new BounceSlice { HostName = host, Postmaster = Encoding.ASCII.GetBytes(postmaster) });
        return slice.Bytes.ToArray();
    }

    private string Compose(Connection queue, uint notice)
    {
        var frames = new ByteQueue();
        Write(frames, new NoticeStartFrame
        {
            Notice = notice,
            Message = 2,
            Own = 3,
            To = "s@f.test"u8,
            EnvelopeId = [],
            Arrived = 1_795_464_000,
            Now = 1_795_464_100,
            Full = false,
            SmtpUtf8 = false,
        });
        Write(frames, new NoticeRecipientFrame
        {
            Notice = notice,
            Action = NoticeAction.Failed,
            Address = "x@f.test"u8,
            Original = [],
            Status = 5_001_001,
            Host = [],
            Text = "no such user here"u8,
            RetryUntil = 0,
        });
        Write(frames, new ContentEndFrame { Transaction = notice });
        Assert.Equal(frames.Length, queue.TryWrite(frames.Span).Count);
        _probe.Pass(TimeSpan.Zero);
        var buffer = new byte[65_536];
        return Encoding.ASCII.GetString(buffer, 0, queue.TryRead(buffer).Count);
    }

    private static void Write<T>(ByteQueue frames, scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        var writer = new FrameWriter(frames, T.Type);
        frame.Write(writer);
        writer.End();
    }
}
