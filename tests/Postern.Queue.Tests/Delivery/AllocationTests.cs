using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Queue.Schedule;
using Postern.Queue.Tests.Storage;
using Postern.Role.Logging;

namespace Postern.Queue.Tests.Delivery;

/// <summary>What a busy queue allocates for a message from its first frame to the last result: little, over a log on a real disk.</summary>
public sealed class AllocationTests : IChannelEvents, IDisposable
{
    private const int AtOnce = 20;
    private const int WarmRounds = 10;
    private const int Rounds = 40;

    /// <summary>The message that comes in, its attempt, and the result with its texts.</summary>
    private const int MaxPerMessage = 1792;

    private readonly string _folder = Directory.CreateTempSubdirectory("queue-").FullName;
    private readonly EventLoop _loop = new(new ManualClock());
    private readonly QueueLog _log;
    private readonly Channel _smtpd;
    private uint _begun;
    private int _committed;
    private int _delivered;

    public AllocationTests()
    {
        var routing = new Routing("a.test", "mx.a.test");
        Assert.True(routing.TryAdd("*", new NextHop(HopKind.Host, "127.0.0.1", 2600)));
        var settings = new QueueSettings
        {
            HostName = "mx.a.test",
            Folder = _folder,
            MessageSize = 10 * 1024 * 1024,
            Backoff = new Backoff(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(5), TimeSpan.FromHours(4)),
            Attempts = (20, 200, 64),
            Routing = routing,
        };
        var (log, problem) = QueueLog.Open(_folder, 1 << 22);
        _log = log ?? throw new InvalidOperationException(problem);
        var parts = new QueueParts(_loop, new LaterBackground(_loop), new EventLog("queue", _loop, static _ => true), static _ => { }, _log, settings);
        Assert.Null(parts.Replay());
        _smtpd = Join(parts, ProgramName.Smtpd);
        Join(parts, ProgramName.Remote);
        Settle();
    }

    [Fact]
    public void Message_AllocatesLittle()
    {
        long before = 0;
        for (var round = 0; round < Rounds; round++)
        {
            before = round == WarmRounds ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (var i = 0; i < AtOnce; i++)
            {
                Submit();
            }

            Settle();
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / ((Rounds - WarmRounds) * AtOnce);
        Assert.Equal((Rounds * AtOnce, Rounds * AtOnce), (_committed, _delivered));
        Assert.InRange(each, 1, MaxPerMessage);
    }

    bool IChannelEvents.OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == SubmissionAnswerFrame.Type && SubmissionAnswerFrame.TryRead(ref reader, out var answer))
        {
            _committed += answer.Outcome == SubmissionOutcome.Committed ? 1 : 0;
        }
        else if (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end))
        {
            _delivered++;
            channel.Send(new RecipientResultFrame
            {
                Delivery = end.Transaction,
                Recipient = 0,
                Outcome = DeliveryOutcome.Delivered,
                Fault = FaultOf.None,
                Status = 2_000_000,
                Host = "[127.0.0.1]:2600"u8,
                Text = "250 2.0.0 Ok"u8,
            });
            channel.Send(new DeliveryEndFrame { Delivery = end.Transaction });
        }

        return true;
    }

    void IChannelEvents.OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile);

    public void Dispose()
    {
        _smtpd.Dispose();
        _loop.Dispose();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Submit()
    {
        var transaction = ++_begun;
        _smtpd.Send(new OpenMessageFrame { Transaction = transaction });
        _smtpd.Send(new SenderFrame
        {
            Transaction = transaction,
            Address = "sender@example.org"u8,
            EnvelopeId = [],
            Return = ReturnContent.Unspecified,
            Body = BodyType.SevenBit,
            Handling = Handling.None,
            Release = 0,
            Protocol = MailProtocol.Esmtp,
            Client = "0123456789abcdef"u8,
        });
        _smtpd.Send(new RecipientFrame { Transaction = transaction, Address = "recipient@example.net"u8, Original = [], Notify = 0 });
        _smtpd.Send(new ContentFrame { Transaction = transaction, Bytes = "Subject: something\r\n\r\nAnd a line of text.\r\n"u8 });
        _smtpd.Send(new CommitFrame { Transaction = transaction });
    }

    private Channel Join(QueueParts parts, ProgramName peer)
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        var channel = new Channel(_loop, ours!, this);
        parts.Connect(peer, theirs!);
        return channel;
    }

    private void Settle()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
