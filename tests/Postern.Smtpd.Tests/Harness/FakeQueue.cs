using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>The queue's end of its channel, kept honest: it throws where the real one would take smtpd for hostile.</summary>
internal sealed class FakeQueue(EventLoop loop) : IChannelEvents, IDisposable
{
    private readonly Dictionary<uint, StoredMessage> _open = [];
    private readonly Dictionary<uint, int> _underWay = [];
    private readonly List<uint> _unanswered = [];
    private Channel? _channel;
    private ulong _lastId;

    /// <summary>Messages on stable storage, in their order.</summary>
    public List<StoredMessage> Committed { get; } = [];

    /// <summary>Messages under way.</summary>
    public int Open => _open.Count;

    /// <summary>Messages that were taken back.</summary>
    public int Aborted { get; private set; }

    /// <summary>Messages that were begun.</summary>
    public int Opened { get; private set; }

    /// <summary>What is answered to a commit.</summary>
    public SubmissionOutcome Outcome { get; set; }

    /// <summary>False forgets content as it comes.</summary>
    public bool KeepsContent { get; set; } = true;

    /// <summary>False keeps ids back.</summary>
    public bool TellsIds { get; set; } = true;

    /// <summary>False keeps credit back.</summary>
    public bool GrantsCredit { get; set; } = true;

    /// <summary>False keeps answers to commits back.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>The most bytes that were under way without credit.</summary>
    public int MostUnderWay { get; private set; }

    /// <summary>Takes up the queue's end; returns the other.</summary>
    public Descriptor Start()
    {
        Socket.OpenPair(packets: false, out var ours, out var theirs);
        _channel = new Channel(loop, ours!, this);
        return theirs!;
    }

    /// <summary>Dies with all that is under way.</summary>
    public void Die()
    {
        _open.Clear();
        _unanswered.Clear();
        _channel?.Dispose();
        _channel = null;
    }

    public void Tell(QueueCondition condition) => _channel!.Send(new QueueStateFrame { Condition = condition });

    /// <summary>Sends what no queue sends.</summary>
    public void SendNonsense() => _channel!.Send(new OpenMessageFrame { Transaction = 1 });

    /// <summary>Grants the credit that was kept back.</summary>
    public void GrantAll()
    {
        foreach (var (transaction, bytes) in _underWay.Where(entry => entry.Value > 0).ToArray())
        {
            _underWay[transaction] = 0;
            _channel!.Send(new CreditFrame { Transaction = transaction, Bytes = (uint)bytes });
        }
    }

    /// <summary>Answers the commits whose answers were kept back.</summary>
    public void AnswerAll()
    {
        foreach (var transaction in _unanswered) Answer(transaction);
        _unanswered.Clear();
    }

    public void Dispose() => Die();

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == OpenMessageFrame.Type && OpenMessageFrame.TryRead(ref reader, out var open)) return Begin(open.Transaction);
        if (type == SenderFrame.Type && SenderFrame.TryRead(ref reader, out var sender)) Find(sender.Transaction).Take(sender);
        else if (type == RecipientFrame.Type && RecipientFrame.TryRead(ref reader, out var recipient)) Find(recipient.Transaction).Take(recipient);
        else if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content)) Take(content);
        else if (type == CommitFrame.Type && CommitFrame.TryRead(ref reader, out var commit)) Commit(commit.Transaction);
        else if (type == AbortFrame.Type && AbortFrame.TryRead(ref reader, out var abort)) Abort(abort.Transaction);
        else throw new InvalidOperationException($"smtpd sent a bad frame of type {type}.");
        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile) throw new InvalidOperationException("smtpd sent half a frame.");
    }

    private bool Begin(uint transaction)
    {
        Opened++;
        _open.Add(transaction, new StoredMessage(++_lastId));
        _underWay[transaction] = 0;
        if (TellsIds) _channel!.Send(new MessageOpenedFrame { Transaction = transaction, Message = _lastId });
        return true;
    }

    private void Take(in ContentFrame content)
    {
        if (KeepsContent) Find(content.Transaction).Take(content);
        _underWay[content.Transaction] += content.Bytes.Length;
        MostUnderWay = Math.Max(MostUnderWay, _underWay[content.Transaction]);
        if (_underWay[content.Transaction] > FrameLimits.ContentWindow) throw new InvalidOperationException("More content than credit.");
        if (GrantsCredit) GrantAll();
    }

    private void Commit(uint transaction)
    {
        var message = Find(transaction);
        if (message.Sender == "(none)" || message.Recipients.Count == 0) throw new InvalidOperationException("A commit without an envelope.");
        _open.Remove(transaction);
        if (Outcome == SubmissionOutcome.Committed) Committed.Add(message);
        if (Answers) Answer(transaction);
        else _unanswered.Add(transaction);
    }

    private void Answer(uint transaction) => _channel!.Send(new SubmissionAnswerFrame { Transaction = transaction, Outcome = Outcome });

    private void Abort(uint transaction)
    {
        _ = Find(transaction);
        _open.Remove(transaction);
        Aborted++;
    }

    private StoredMessage Find(uint transaction) =>
        _open.TryGetValue(transaction, out var message) ? message : throw new InvalidOperationException("A frame for no transaction.");
}
