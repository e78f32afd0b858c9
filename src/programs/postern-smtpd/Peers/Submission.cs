using System.Runtime.CompilerServices;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Smtpd.Peers;

/// <summary>One message on its way into the queue: envelope, content piece by piece, commit.</summary>
internal sealed class Submission
{
    /// <summary>How long the queue may take to number a message or to grant credit. It does neither after waiting for a disk
    /// for long; arbitrary.</summary>
    internal static readonly TimeSpan StepPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a commit may take: clients wait ten minutes for our reply (RFC 5321 §4.5.3.2.6), and giving up early
    /// doubles a message whose commit is merely slow.</summary>
    internal static readonly TimeSpan CommitPatience = TimeSpan.FromMinutes(5);

    private readonly QueueLink _link;
    private readonly Channel _channel;
    private readonly TimedWait _wait;
    private int _credit = FrameLimits.ContentWindow;

    internal Submission(QueueLink link, Channel channel, uint transaction, TimedWait wait) =>
        (_link, _channel, Transaction, _wait) = (link, channel, transaction, wait);

    /// <summary>Our number for it.</summary>
    internal uint Transaction { get; }

    /// <summary>The queue's id for it; null until the queue has told.</summary>
    internal ulong? Message { get; private set; }

    /// <summary>What became of it; null until the queue has told.</summary>
    internal SubmissionOutcome? Outcome { get; private set; }

    /// <summary>True when the queue went away: nobody can tell what became of it.</summary>
    internal bool IsLost { get; private set; }

    private bool HasId => Message is not null;

    /// <summary>Sends the head of the envelope or a recipient.</summary>
    internal void Send<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        if (!IsLost) _channel.Send(frame);
    }

    /// <summary>Waits for the message's id.</summary>
    /// <returns>False when it does not come.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<bool> OpenedAsync()
    {
        if (!HasId)
        {
            _wait.Begin(StepPatience);
            while (!HasId && !IsLost && await _wait.NextAsync())
            {
            }

            _wait.End();
        }

        return HasId && !IsLost;
    }

    /// <summary>Sends a piece of content once the queue has room for it.</summary>
    /// <param name="piece">At most <see cref="FrameLimits.MaxContent"/> bytes.</param>
    /// <returns>False when the queue is gone or stuck.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<bool> SendContentAsync(ReadOnlyMemory<byte> piece)
    {
        if (!HasRoomFor(piece.Length))
        {
            _wait.Begin(StepPatience);
            _link.WaitForRoom(_wait);
            while (!IsLost && !HasRoomFor(piece.Length) && await _wait.NextAsync())
            {
            }

            _link.StopWaitingForRoom(_wait);
            _wait.End();
        }

        if (IsLost || !HasRoomFor(piece.Length)) return false;
        _credit -= piece.Length;
        _channel.Send(new ContentFrame { Transaction = Transaction, Bytes = piece.Span });
        return true;
    }

    /// <summary>Ends the message and waits until it is on stable storage.</summary>
    /// <returns>What became of it; Failed when the queue did not say.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<SubmissionOutcome> CommitAsync()
    {
        Send(new CommitFrame { Transaction = Transaction });
        _wait.Begin(CommitPatience);
        while (Outcome is null && !IsLost && await _wait.NextAsync())
        {
        }

        _wait.End();
        _link.Forget(this);
        return Outcome ?? SubmissionOutcome.Failed;
    }

    /// <summary>Takes the message back; only before the commit.</summary>
    internal void Abort()
    {
        Send(new AbortFrame { Transaction = Transaction });
        _link.Forget(this);
    }

    internal void SetMessage(ulong message)
    {
        Message = message;
        _wait.Wake();
    }

    /// <summary>Takes the queue's word on how much more may be under way; false when it makes no sense.</summary>
    internal bool Grant(uint bytes)
    {
        if (bytes > FrameLimits.ContentWindow - _credit) return false;
        _credit += (int)bytes;
        _wait.Wake();
        return true;
    }

    internal void Conclude(SubmissionOutcome outcome)
    {
        Outcome = outcome;
        _wait.Wake();
    }

    internal void Lose()
    {
        IsLost = true;
        _wait.Wake();
    }

    private bool HasRoomFor(int bytes) => _credit >= bytes && !_link.IsCongested;
}
