using Postern.Loop;
using Postern.Queue.Intake;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>Frees the oldest sections: what still lives in one is written anew at the front, then the section goes.</summary>
/// <remarks>
/// Only the oldest section is ever freed, so a result always outlives the envelope that it belongs to. A section in which
/// something lives is moved only when the log takes more than twice what is alive: each byte is then moved about once per
/// byte that was freed.
/// </remarks>
internal sealed class Mover
{
    /// <summary>Sections that the log may hold beyond twice what is alive.</summary>
    private const int SlackSections = 4;

    /// <summary>The same while mail is refused for want of room.</summary>
    private const int SlackSectionsWhenFull = 1;

    /// <summary>Messages looked at per turn of the loop: the search must not hold up anybody.</summary>
    private const int LookedAtPerTurn = 20_000;

    /// <summary>Bytes moved per turn.</summary>
    private const long MovedPerTurn = 2 * 1024 * 1024;

    private readonly QueueCore _core;
    private readonly Committer _committer;
    private readonly IntakeGate _gate;
    private readonly NoticeDesk _notices;
    private readonly Checkpointer _checkpointer;
    private readonly MessageImage _image;
    private readonly LoopTimer _timer;
    private readonly ByteQueue _payload = new();
    private readonly Dictionary<RecordPosition, List<RecordPosition>> _movedContent = [];
    private int _next = -1;
    private bool _alive;
    private uint _firstMoved;

    internal Mover(QueueCore core, EventLoop loop, Committer committer, IntakeGate gate, NoticeDesk notices, Checkpointer checkpointer)
    {
        (_core, _committer, _gate, _notices, _checkpointer) = (core, committer, gate, notices, checkpointer);
        _image = new MessageImage(core);
        _timer = loop.CreateTimer(Step);
        _timer.Set(TimeSpan.FromSeconds(1));
    }

    private void Step()
    {
        // Room is made ahead of need. Storage may have failed where nobody asked: the next commit says so.
        if (_core.Log.Records.Prepare() == LogResult.Failed || (_core.Log.HasOverdue && _core.Log.CatchUp() == LogResult.Success))
        {
            _committer.SyncAtTurnEnd();
        }

        var sections = _core.Log.Sections;
        if (sections.Count < 2 || _committer.IsPoisoned)
        {
            _timer.Set(TimeSpan.FromSeconds(1));
            return;
        }

        if (_next < 0)
        {
            (_next, _alive) = (0, false);
            _core.Table.OldestAdded = uint.MaxValue;
            _movedContent.Clear();
        }

        var oldest = sections[0].Number;
        var live = _core.Table.LiveBytes + _gate.Intakes.Sum(intake => intake.Bytes);
        // The room that sections take, however little stands in them: each start begins one.
        var sectionBytes = (long)_core.Log.Records.SectionBytes;
        var slack = _core.Log.Records.IsFull ? SlackSectionsWhenFull : SlackSections;
        var mustMove = (sections.Count - 1) * sectionBytes > (2 * live) + (slack * sectionBytes);
        _core.Log.Records.MakesRoom = true;
        long moved = 0;
        for (var looked = 0; _next < _core.Table.Messages.Bound && looked < LookedAtPerTurn && moved < MovedPerTurn; looked++, _next++)
        {
            ref var entry = ref _core.Table.Messages[_next];
            if (entry.Id == 0 || entry.FirstSection > oldest)
            {
                continue;
            }

            if (!mustMove || !Move(_next))
            {
                _alive = true;
                break;
            }

            moved += entry.Weight;
        }

        Finish(oldest, mustMove);
        _core.Log.Records.MakesRoom = false;
    }

    private void Finish(uint oldest, bool mustMove)
    {
        // What came into being meanwhile may stand in a place that was looked at already.
        _alive |= _core.Table.OldestAdded <= oldest;
        var over = _alive || _next >= _core.Table.Messages.Bound;
        if (over && !_alive && (!IsPinned(oldest) || (mustMove && Unpin(oldest))))
        {
            Free(oldest);
        }

        _next = over ? -1 : _next;
        _timer.Set(!over ? TimeSpan.Zero : TimeSpan.FromMilliseconds(mustMove && !_alive ? 10 : 1000));
    }

    private void Free(uint oldest)
    {
        if (!_core.Log.Records.CanFree(oldest))
        {
            _checkpointer.Want();
        }
        else if (_core.Log.Records.Free(oldest) == LogResult.Success)
        {
            // The moved messages and the section's end become durable together.
            _committer.SyncAtTurnEnd();
        }
    }

    /// <summary>Whoever begins a message or a notification and never ends it must not keep the log from being freed.</summary>
    private bool Unpin(uint oldest)
    {
        _notices.Bounce?.Drop(oldest);
        var moved = _gate.Intakes.SelectMany(intake => intake.Open).Where(message => message.FirstSection <= oldest)
            .All(message => message.Move(_core.Log));
        _committer.WriteOutAtTurnEnd();
        return moved && !IsPinned(oldest);
    }

    private bool IsPinned(uint section) =>
        _committer.Pins(section)
        || _gate.Intakes.Any(intake => intake.Open.Any(message => message.FirstSection <= section))
        || _notices.Composing.Any(notice => notice.FirstSection <= section);

    /// <summary>Writes a message anew; false when there was no room.</summary>
    private bool Move(int message)
    {
        ref var entry = ref _core.Table.Messages[message];
        var position = default(RecordPosition);
        var good = _image.TryWrite(message, MoveContent, _payload)
            && _core.Log.AppendEnvelope(_payload.Span, out position) == LogResult.Success;
        _payload.Consume(_payload.Length);
        if (!good)
        {
            return false;
        }

        entry.Envelope = position;
        _committer.WriteOutAtTurnEnd();
        if (!MoveDebts(message))
        {
            return false; // What is still owed stands in the old section: the message is of it until all of it has moved.
        }

        entry.FirstSection = Math.Min(_firstMoved, position.Section);
        return true;
    }

    /// <summary>Content that several messages share is written once.</summary>
    private List<RecordPosition>? MoveContent(ulong message, RecordPosition[] chunks)
    {
        _firstMoved = uint.MaxValue;
        if (chunks.Length == 0)
        {
            return [];
        }

        if (!_movedContent.TryGetValue(chunks[0], out var moved))
        {
            if (_core.Log.CopyContent(new(message), chunks, _core.Table.Messages[_next].Weight) is not { } copies)
            {
                return null;
            }

            _movedContent[chunks[0]] = moved = copies;
        }

        _firstMoved = moved[0].Section;
        return moved;
    }

    private bool MoveDebts(int message)
    {
        foreach (var owed in _notices.OwedOf(message))
        {
            // A delay may be owed for a recipient that has been served since: the record must not take that back.
            var result = _notices.RecordOf(message, owed) with { Standing = _core.Table.Recipients[owed.Recipient].Standing };
            if (_core.Log.AppendResult(result) is not { } position)
            {
                return false;
            }

            _notices.Owe(message, owed.Recipient, owed.Action, position);
        }

        return true;
    }
}
