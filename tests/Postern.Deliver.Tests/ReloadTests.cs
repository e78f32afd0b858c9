using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Role;
using Postern.Role.Logging;

namespace Postern.Deliver.Tests;

/// <summary>The whole program, kept alive by traffic while the administrator moves the mailboxes.</summary>
public sealed class ReloadTests : IDisposable, IChannelEvents
{
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly Mailboxes _mailboxes = new();
    private readonly DeliverProgram _program;
    private readonly Channel _local;
    private readonly LoopTimer _guard;
    private int _ended;
    private long _granted;

    public ReloadTests()
    {
        var context = new ProgramContext(_loop, new EventLog("deliver", _loop), () => -1);
        _program = new DeliverProgram(context);
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        Assert.True(_program.Configure(Slice("mx.a.test", "root")));
        Assert.Null(_program.Start());
        _program.Connect(ProgramName.Local, theirs!);
        _local = new Channel(_loop, ours!, this);
        // Only so that a broken program fails a test and does not hang it.
        _guard = _loop.CreateTimer(() => throw new InvalidOperationException("nothing happened for a minute"));
        _guard.Set(TimeSpan.FromMinutes(1));
    }

    public void Dispose()
    {
        _guard.Unset();
        _local.Dispose();
        _loop.Dispose();
        _mailboxes.Dispose();
    }

    [Fact]
    public void MessageAfterAReload_GoesWhereTheNewConfigurationSays()
    {
        Deliver(1);
        Directory.CreateDirectory(_mailboxes.At("moved"));
        Assert.True(_program.Configure(Slice("mx.b.test", "moved")));
        Deliver(2);
        Assert.Contains("Q1.mx.a.test,", Assert.Single(_mailboxes.Files("root/a.test/u/new")), StringComparison.Ordinal);
        // The numbers go on: no two names of one process are alike, whatever the host is called.
        Assert.Contains("Q2.mx.b.test,", Assert.Single(_mailboxes.Files("moved/a.test/u/new")), StringComparison.Ordinal);
    }

    [Fact]
    public void MessageThatIsBeingWritten_IsFinishedWhereItWasBegun()
    {
        // More than is gathered in memory, so that its file is open when the reload comes.
        const int Pieces = FrameLimits.ContentWindow / FrameLimits.MaxContent;
        var piece = new byte[FrameLimits.MaxContent];
        Array.Fill(piece, (byte)'x');
        Begin(1, (Pieces + 1) * FrameLimits.MaxContent);
        for (var i = 0; i < Pieces; i++)
        {
            _local.Send(new ContentFrame { Transaction = 1, Bytes = piece });
        }

        Await(() => _mailboxes.Files("root/a.test/u/tmp").Length == 1 && _granted >= piece.Length);
        Directory.CreateDirectory(_mailboxes.At("moved"));
        Assert.True(_program.Configure(Slice("mx.b.test", "moved")));
        _local.Send(new ContentFrame { Transaction = 1, Bytes = piece });
        _local.Send(new ContentEndFrame { Transaction = 1 });
        Await(() => _ended == 1);
        Assert.Single(_mailboxes.Files("root/a.test/u/new"));
        // The folder may be there: what earlier deliveries left is cleaned away by the new configuration.
        Assert.Empty(_mailboxes.Files("moved/a.test/u/new"));
    }

    [Fact]
    public void SliceThatIsNone_ChangesNothing()
    {
        Assert.False(_program.Configure([1, 2, 3]));
        Deliver(1);
        Assert.Single(_mailboxes.Files("root/a.test/u/new"));
    }

    bool IChannelEvents.OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        _ended += type == DeliveryEndFrame.Type ? 1 : 0;
        _granted += type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit) ? credit.Bytes : 0;
        return true;
    }

    void IChannelEvents.OnChannelClosed(Channel channel, bool hostile)
    {
    }

    private byte[] Slice(string host, string root)
    {
        var slice = new SliceWriter();
        slice.Add(new DeliverSlice { HostName = host, Root = _mailboxes.At(root), Postmaster = _mailboxes.At("postmaster") });
        return slice.Bytes.ToArray();
    }

    private void Deliver(uint number)
    {
        var before = _ended;
        var content = "a: b\r\n\r\nx\r\n"u8;
        Begin(number, content.Length);
        _local.Send(new ContentFrame { Transaction = number, Bytes = content });
        _local.Send(new ContentEndFrame { Transaction = number });
        Await(() => _ended > before);
    }

    private void Begin(uint number, int size)
    {
        _local.Send(new DeliveryStartFrame
        {
            Delivery = number,
            Message = 77,
            Hop = HopKind.Local,
            Destination = [],
            Port = 0,
            Sender = "s@f.test"u8,
            EnvelopeId = [],
            Return = ReturnContent.Unspecified,
            Body = BodyType.SevenBit,
            Handling = Handling.None,
            Size = (ulong)size,
        });
        _local.Send(new MailboxRecipientFrame
        {
            Delivery = number,
            Recipient = 0,
            Kind = MailboxKind.Virtual,
            Folder = Encoding.Latin1.GetBytes("a.test/u"),
            Address = "u@a.test"u8,
        });
        _local.Send(new DeliveryReadyFrame { Delivery = number });
    }

    private void Await(Func<bool> condition)
    {
        while (!condition())
        {
            _loop.RunTurn(wait: true);
        }
    }
}
