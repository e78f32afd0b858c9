using System.Globalization;
using System.Text;
using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Local.Deliveries;
using Postern.Local.Links;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Local.Tests;

/// <summary>Local between a queue, a directory, posternd and delivers that the test plays, over real sockets.</summary>
internal sealed class LocalHarness : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly EventLoop _loop;
    private readonly QueueLink _queueLink;
    private readonly DirectoryLink _directoryLink;
    private readonly DeliverLinks _delivers;

    internal LocalHarness()
    {
        _loop = new EventLoop(_clock);
        var log = new EventLog("local", _loop);
        _directoryLink = new DirectoryLink(log);
        _delivers = new DeliverLinks(_loop, log, Ask);
        _queueLink = new QueueLink(log, (number, start, queue, over) =>
            new LocalDelivery(number, start, _directoryLink, _delivers) { Queue = queue, Over = over });
        JoinDirectory();
        JoinQueue();
    }

    internal FakeQueue Queue { get; private set; } = null!;

    internal FakeDirectory Directory { get; private set; } = null!;

    /// <summary>What posternd was asked for: "1 alice".</summary>
    internal List<ControlPacket> Asked { get; } = [];

    /// <summary>False while posternd does not listen.</summary>
    internal bool Listens { get; set; } = true;

    public void Dispose() => _loop.Dispose();

    internal void JoinDirectory()
    {
        var (ours, theirs) = Pair();
        _directoryLink.Join(new Channel(_loop, ours, _directoryLink));
        Directory = new FakeDirectory();
        Directory.Channel = new Channel(_loop, theirs, Directory);
    }

    /// <summary>Somebody else in the directory's place.</summary>
    internal void JoinDirectory(Descriptor channel) => _directoryLink.Join(new Channel(_loop, channel, _directoryLink));

    /// <summary>posternd's answer to a request: the channel to a deliver.</summary>
    internal void Answer(uint request, Descriptor channel) =>
        _delivers.Answered(new ControlPacket(ControlKind.DeliverAnswer, request, (byte)DeliverStart.Started), channel);

    /// <summary>Somebody else in the queue's place.</summary>
    internal void JoinQueue(Descriptor channel) => _queueLink.Join(new Channel(_loop, channel, _queueLink) { Drained = _directoryLink.AskNext });

    internal void JoinQueue()
    {
        var (ours, theirs) = Pair();
        _queueLink.Join(new Channel(_loop, ours, _queueLink) { Drained = _directoryLink.AskNext });
        Queue = new FakeQueue();
        Queue.Channel = new Channel(_loop, theirs, Queue);
    }

    /// <summary>Answers the last request with a deliver that the test plays.</summary>
    internal FakeDeliver StartDeliver() => StartDeliver(Asked[^1].Number);

    internal FakeDeliver StartDeliver(uint request)
    {
        var (ours, theirs) = Pair();
        var deliver = new FakeDeliver();
        deliver.Channel = new Channel(_loop, theirs, deliver);
        _delivers.Answered(new ControlPacket(ControlKind.DeliverAnswer, request, (byte)DeliverStart.Started), ours);
        Turn();
        return deliver;
    }

    internal void Refuse(DeliverStart outcome)
    {
        _delivers.Answered(new ControlPacket(ControlKind.DeliverAnswer, Asked[^1].Number, (byte)outcome), null);
        Turn();
    }

    /// <summary>Runs the loop until nothing happens any more.</summary>
    internal void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    internal void Pass(TimeSpan time)
    {
        _clock.Pass(time);
        Turn();
    }

    private static (Descriptor, Descriptor) Pair()
    {
        Assert.False(Socket.OpenPair(packets: false, out var one, out var other).Failed);
        return (one!, other!);
    }

    private bool Ask(ControlPacket request)
    {
        if (Listens)
        {
            Asked.Add(request);
        }

        return Listens;
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks = TimeSpan.FromDays(1).Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}

/// <summary>The queue's side.</summary>
internal sealed class FakeQueue : IChannelEvents
{
    internal Channel Channel { get; set; } = null!;

    /// <summary>What it was told, in order: "1.0 Delivered 2.0.0", "1.0 > x@f.test", "1 end".</summary>
    internal List<string> Heard { get; } = [];

    internal long Granted { get; private set; }

    internal bool Ended { get; private set; }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == RecipientResultFrame.Type && RecipientResultFrame.TryRead(ref reader, out var result))
        {
            var status = string.Create(
                CultureInfo.InvariantCulture, $"{result.Status / 1_000_000}.{result.Status / 1000 % 1000}.{result.Status % 1000}");
            Heard.Add($"{result.Delivery}.{result.Recipient} {result.Outcome} {status}");
        }
        else if (type == ExpansionTargetFrame.Type && ExpansionTargetFrame.TryRead(ref reader, out var target))
        {
            Heard.Add($"{target.Delivery}.{target.Recipient} > {Encoding.Latin1.GetString(target.Address)}{(target.List ? " (list)" : "")}");
        }
        else if (type == DeliveryEndFrame.Type && DeliveryEndFrame.TryRead(ref reader, out var end))
        {
            Heard.Add($"{end.Delivery} end");
        }
        else if (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit))
        {
            Granted += credit.Bytes;
        }
        else
        {
            return false;
        }

        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;

    internal void Start(uint number, long size = 0, HopKind hop = HopKind.Local) => Channel.Send(new DeliveryStartFrame
    {
        Delivery = number,
        Message = 1000 + number,
        Hop = hop,
        Destination = [],
        Port = 0,
        Sender = "s@f.test"u8,
        EnvelopeId = [],
        Return = ReturnContent.Unspecified,
        Body = BodyType.EightBitMime,
        Handling = Handling.None,
        Size = (ulong)size,
    });

    internal void Recipient(uint number, uint recipient, string address, bool final = false) => Channel.Send(new DeliveryRecipientFrame
    {
        Delivery = number,
        Recipient = recipient,
        Address = Encoding.Latin1.GetBytes(address),
        Original = [],
        Notify = 0,
        Final = final,
    });

    internal void Ready(uint number) => Channel.Send(new DeliveryReadyFrame { Delivery = number });

    internal void Content(uint number, ReadOnlySpan<byte> bytes) => Channel.Send(new ContentFrame { Transaction = number, Bytes = bytes });

    internal void End(uint number) => Channel.Send(new ContentEndFrame { Transaction = number });

    /// <summary>Sends a whole small message.</summary>
    internal void Message(uint number, string content, params string[] addresses)
    {
        Start(number, content.Length);
        for (var i = 0; i < addresses.Length; i++)
        {
            Recipient(number, (uint)i, addresses[i]);
        }

        Ready(number);
        Content(number, Encoding.Latin1.GetBytes(content));
        End(number);
    }
}

/// <summary>The directory's side: answers at once from a table, or leaves questions to the test.</summary>
internal sealed class FakeDirectory : IChannelEvents
{
    private readonly Dictionary<string, Action<uint>> _known = [];

    internal Channel Channel { get; set; } = null!;

    /// <summary>Questions so far: "u@a.test", "u@a.test final".</summary>
    internal List<string> Questions { get; } = [];

    internal bool Ended { get; private set; }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != MeaningQuestionFrame.Type || !MeaningQuestionFrame.TryRead(ref reader, out var question))
        {
            return false;
        }

        var text = Encoding.Latin1.GetString(question.Address) + (question.Final ? " final" : "");
        Questions.Add(text);
        if (_known.TryGetValue(text, out var answer))
        {
            answer(question.Question);
        }

        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;

    internal void Virtual(string address) => _known[address] = question =>
    {
        Mailbox(question, MailboxKind.Virtual, "", "a.test/" + address.Split('@')[0]);
        End(question);
    };

    internal void System(string address, string user) => _known[address] = question =>
    {
        Mailbox(question, MailboxKind.System, user, "");
        End(question);
    };

    internal void Alias(string address, params string[] targets) => _known[address] = question =>
    {
        Targets(question, targets);
        End(question, list: targets.Length > 1);
    };

    internal void Fails(string address, MeaningOutcome outcome) => _known[address] = question => End(question, outcome);

    internal void Answers(string address, Action<uint> answer) => _known[address] = answer;

    internal void Mailbox(uint question, MailboxKind kind, string user, string folder) => Channel.Send(new MeaningMailboxFrame
    {
        Question = question,
        Kind = kind,
        User = user,
        Folder = Encoding.Latin1.GetBytes(folder),
    });

    internal void Targets(uint question, params string[] targets)
    {
        foreach (var target in targets)
        {
            Channel.Send(new MeaningTargetFrame { Question = question, Address = Encoding.Latin1.GetBytes(target) });
        }
    }

    internal void End(uint question, MeaningOutcome outcome = MeaningOutcome.Found, bool list = false) =>
        Channel.Send(new MeaningEndFrame { Question = question, Outcome = outcome, List = list });
}

/// <summary>The side of one user's deliver.</summary>
internal sealed class FakeDeliver : IChannelEvents
{
    private readonly Dictionary<uint, List<byte>> _content = [];

    internal Channel Channel { get; set; } = null!;

    /// <summary>What it was told, without content: "1 start 4", "1.0 Virtual a.test/u u@a.test", "1 ready", "1 end", "1 cancel".</summary>
    internal List<string> Heard { get; } = [];

    internal bool Ended { get; private set; }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == DeliveryStartFrame.Type && DeliveryStartFrame.TryRead(ref reader, out var start))
        {
            Heard.Add($"{start.Delivery} start {start.Size} from {Encoding.Latin1.GetString(start.Sender)}");
        }
        else if (type == MailboxRecipientFrame.Type && MailboxRecipientFrame.TryRead(ref reader, out var to))
        {
            Heard.Add($"{to.Delivery}.{to.Recipient} {to.Kind} '{Encoding.Latin1.GetString(to.Folder)}' {Encoding.Latin1.GetString(to.Address)}");
        }
        else if (type == DeliveryReadyFrame.Type && DeliveryReadyFrame.TryRead(ref reader, out var ready))
        {
            Heard.Add($"{ready.Delivery} ready");
        }
        else if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            _content.TryAdd(content.Transaction, []);
            _content[content.Transaction].AddRange(content.Bytes);
        }
        else if (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end))
        {
            Heard.Add($"{end.Transaction} end");
        }
        else if (type == DeliveryCancelFrame.Type && DeliveryCancelFrame.TryRead(ref reader, out var cancel))
        {
            Heard.Add($"{cancel.Delivery} cancel");
        }
        else
        {
            return false;
        }

        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;

    internal byte[] ContentOf(uint number) => _content.TryGetValue(number, out var bytes) ? [.. bytes] : [];

    internal void Result(uint number, uint recipient, DeliveryResult result) =>
        Channel.Send(RecipientResultFrame.Of(number, recipient, result));

    internal void Delivered(uint number, uint recipient) => Result(number, recipient, DeliveryResult.Delivered("ok"u8));

    internal void End(uint number) => Channel.Send(new DeliveryEndFrame { Delivery = number });

    internal void Grant(uint number, long bytes) => Channel.Send(new CreditFrame { Transaction = number, Bytes = (uint)bytes });
}
