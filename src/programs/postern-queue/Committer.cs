using Postern.Loop;
using Postern.Queue.Intake;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>A message that comes into being with the next commit.</summary>
internal interface ICommitted
{
    /// <summary>The oldest section that its content is in.</summary>
    uint? FirstSection { get; }

    /// <summary>
    /// Appends its envelope record, and does in the table what that does to other messages: what is written next builds on it.
    /// </summary>
    LogResult Append(QueueCore core, ByteQueue scratch, out RecordPosition position);

    /// <summary>It did not come into being: no room, or the run is over (then it may turn out to be there, whole).</summary>
    void Refused(QueueCore core, LogResult refusal);

    /// <summary>It is on stable storage and in the table.</summary>
    void Committed(QueueCore core, int index);
}

/// <summary>Group commit: everything that asked by the end of a turn becomes durable by one sync.</summary>
/// <remarks>
/// <para>
/// The loop goes on while the disk syncs; what asks meanwhile shares the next sync. So the slower the disk, the more goes into
/// a batch.
/// </para>
/// <para>
/// Marks of finished deliveries do not ask for a sync of their own: they go with the next one, at the latest after
/// <see cref="_lazy"/>. A crash before then repeats a delivery and never loses one.
/// </para>
/// </remarks>
internal sealed class Committer : ITurnEnd
{
    private static readonly TimeSpan _lazy = TimeSpan.FromMilliseconds(500);

    private readonly QueueCore _core;
    private readonly EventLoop _loop;
    private readonly IBackground _background;
    private readonly IntakeGate _gate;
    private readonly LoopTimer _lazyTimer;
    private readonly ByteQueue _scratch = new();
    private readonly List<ICommitted> _asking = [];
    private readonly List<(ICommitted Message, RecordPosition Position)> _appended = [];
    private readonly List<Action> _afterSync = [];
    private Action[] _afterThisSync = [];
    private bool _asked;
    private bool _sync;
    private bool _waiting;

    internal Committer(QueueCore core, EventLoop loop, IBackground background, IntakeGate gate)
    {
        (_core, _loop, _background, _gate) = (core, loop, background, gate);
        _lazyTimer = loop.CreateTimer(SyncAtTurnEnd);
    }

    /// <summary>Called after each commit, when new messages are in the table.</summary>
    internal Action? Done { get; set; }

    /// <summary>Called when storage failed: nothing may be promised any more.</summary>
    internal Action? Poisoned { get; set; }

    /// <summary>True once storage failed.</summary>
    internal bool IsPoisoned { get; private set; }

    /// <summary>True when a message that waits for its commit needs a section.</summary>
    internal bool Pins(uint section) =>
        _asking.Exists(message => message.FirstSection <= section) || _appended.Exists(appended => appended.Message.FirstSection <= section);

    /// <summary>A message is whole: let it come into being.</summary>
    internal void Add(ICommitted message)
    {
        _asking.Add(message);
        SyncAtTurnEnd();
    }

    /// <summary>Calls back when what was appended in this turn is durable.</summary>
    internal void AfterSync(Action durable)
    {
        _afterSync.Add(durable);
        SyncAtTurnEnd();
    }

    /// <summary>Content was appended: write it out, without a sync.</summary>
    internal void WriteOutAtTurnEnd()
    {
        if (!_asked)
        {
            _asked = true;
            _loop.AtTurnEnd(this);
        }
    }

    /// <summary>Something must be durable at the end of this turn, or as soon as the disk is free.</summary>
    internal void SyncAtTurnEnd()
    {
        _sync = true;
        WriteOutAtTurnEnd();
    }

    /// <summary>Something should be durable soon.</summary>
    internal void SyncSoon()
    {
        if (!_lazyTimer.IsSet)
        {
            _lazyTimer.Set(_lazy);
        }
    }

    /// <inheritdoc/>
    public void OnTurnEnd()
    {
        _asked = false;
        if (_waiting)
        {
            return; // Asked again when the disk has answered.
        }

        if (_sync)
        {
            _sync = false;
            _lazyTimer.Unset();
            Commit();
        }
        else if (_core.Log.Records.WriteOut() is not LogResult.Success and var refusal)
        {
            React(refusal);
        }
    }

    private void Commit()
    {
        foreach (var message in _asking)
        {
            if (message.Append(_core, _scratch, out var position) is not LogResult.Success and var refusal)
            {
                message.Refused(_core, refusal);
                React(refusal);
            }
            else
            {
                _appended.Add((message, position));
            }

            _scratch.Consume(_scratch.Length);
        }

        _asking.Clear();
        // What a callback asks for belongs to the next commit.
        _afterThisSync = [.. _afterSync];
        _afterSync.Clear();
        var result = _core.Log.Records.Seal(out var pending);
        if (pending is null)
        {
            Finish(result);
            return;
        }

        _waiting = true;
        _background.Run(pending.Wait, Settle);
    }

    private void Settle()
    {
        _waiting = false;
        WriteOutAtTurnEnd();
        Finish(_core.Log.Records.Settle());
    }

    private void Finish(LogResult result)
    {
        foreach (var (message, position) in _appended)
        {
            if (result != LogResult.Success)
            {
                message.Refused(_core, result);
            }
            else
            {
                Admit(message, position);
            }
        }

        _appended.Clear();
        if (result != LogResult.Success)
        {
            React(result);
            return;
        }

        foreach (var durable in _afterThisSync)
        {
            durable();
        }

        Done?.Invoke();
    }

    private void Admit(ICommitted message, RecordPosition position)
    {
        var index = _core.Admit(_core.Log.ReadEnvelope(position), position);
        _core.Enter(index);
        message.Committed(_core, index);
    }

    private void React(LogResult refusal)
    {
        if (refusal == LogResult.Full)
        {
            _gate.DiskIsFull();
        }
        else if (!IsPoisoned)
        {
            IsPoisoned = true;
            Poisoned?.Invoke();
        }
    }
}
