using System.Runtime.CompilerServices;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Smtpd.Peers;

/// <summary>Hands messages in to the queue, many at a time over one channel.</summary>
internal sealed class QueueLink(EventLoop loop, EventLog log) : ProgramLink(loop, log, "queue")
{
    /// <summary>Bytes that may wait in our memory for a queue that does not read: four whole windows. Beyond it sessions stop
    /// reading from their clients, however much credit each of them has.</summary>
    private const int MaxUnsent = 4 * FrameLimits.ContentWindow;

    private readonly Dictionary<uint, Submission> _open = [];
    private readonly List<TimedWait> _waitingForRoom = [];
    private uint _lastTransaction;

    /// <summary>Whether the queue takes new messages, by its own last word.</summary>
    internal QueueCondition Condition { get; private set; }

    /// <summary>Messages that are under way.</summary>
    internal int OpenCount => _open.Count;

    /// <summary>True while the queue has too much of ours to read.</summary>
    internal bool IsCongested => Channel is { Unsent: > MaxUnsent };

    /// <inheritdoc/>
    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == MessageOpenedFrame.Type)
        {
            if (!MessageOpenedFrame.TryRead(ref reader, out var opened)) return false;
            Find(opened.Transaction)?.SetMessage(opened.Message);
            return true;
        }

        if (type == SubmissionAnswerFrame.Type)
        {
            if (!SubmissionAnswerFrame.TryRead(ref reader, out var answer)) return false;
            Find(answer.Transaction)?.Conclude(answer.Outcome);
            return true;
        }

        if (type == CreditFrame.Type)
        {
            return CreditFrame.TryRead(ref reader, out var credit)
                && Find(credit.Transaction)?.Grant(credit.Bytes) != false;
        }

        if (type != QueueStateFrame.Type || !QueueStateFrame.TryRead(ref reader, out var state)) return false;
        Condition = state.Condition;
        return true;
    }

    /// <summary>Begins a message; the queue's id for it comes later.</summary>
    /// <returns>Null when there is no queue.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<Submission?> OpenAsync(TimedWait wait)
    {
        if (!await ConnectedAsync(wait)) return null;
        do
        {
            // After four thousand million messages a number may still belong to one that hangs.
            _lastTransaction = unchecked(_lastTransaction + 1);
        }
        while (_open.ContainsKey(_lastTransaction));
        var submission = new Submission(this, Channel!, _lastTransaction, wait);
        _open.Add(submission.Transaction, submission);
        Channel!.Send(new OpenMessageFrame { Transaction = submission.Transaction });
        return submission;
    }

    /// <summary>Lets a submission be woken when the queue has read what it was sent.</summary>
    internal void WaitForRoom(TimedWait wait) => _waitingForRoom.Add(wait);

    /// <summary>The opposite.</summary>
    internal void StopWaitingForRoom(TimedWait wait) => _waitingForRoom.Remove(wait);

    /// <summary>Drops a message that is over: what the queue still says of it means nothing.</summary>
    internal void Forget(Submission submission) => _open.Remove(submission.Transaction);

    private protected override void OnConnected(Channel channel)
    {
        Condition = QueueCondition.Accepting;
        channel.Drained = () => TimedWait.WakeAll(_waitingForRoom);
    }

    private protected override void OnLost()
    {
        var lost = _open.Values.ToArray();
        _open.Clear();
        foreach (var submission in lost) submission.Lose();
    }

    private Submission? Find(uint transaction) => _open.GetValueOrDefault(transaction);
}
