using Postern.Loop;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>Writes the table into the log now and then, in pieces between other work, so that a start reads only what came after.</summary>
internal sealed class Checkpointer
{
    /// <summary>Sections of log after which a new checkpoint is worth its writing: a second's reading at start.</summary>
    private const int WorthSections = 4;

    /// <summary>A piece: small enough not to hold anybody up, and never more than part of a section.</summary>
    private const int PieceBytes = 128 * 1024, PiecesPerSection = 8;

    private readonly QueueCore _core;
    private readonly Committer _committer;
    private readonly NoticeDesk _notices;
    private readonly MessageImage _image;
    private readonly LoopTimer _timer;
    private readonly ByteQueue _piece = new();
    private readonly ByteQueue _payload = new();
    private int _next = -1;
    private long _written;
    private long _needed;
    private bool _wanted;

    internal Checkpointer(QueueCore core, EventLoop loop, Committer committer, NoticeDesk notices)
    {
        (_core, _committer, _notices) = (core, committer, notices);
        _image = new MessageImage(core);
        _timer = loop.CreateTimer(Step);
        _timer.Set(TimeSpan.FromSeconds(1));
    }

    /// <summary>Asks for a checkpoint: without one the log keeps sections in which nothing lives.</summary>
    internal void Want() => _wanted = true;

    private void Step()
    {
        var log = _core.Log.Records;
        _wanted |= ClockJumps.Follow(_core); // The next start must not read the old moments.
        if (_next < 0 && !_committer.IsPoisoned && (_wanted || log.BytesSinceCheckpoint > Math.Max(WorthSections * (long)log.SectionBytes, 2 * _written)) && HasRoom(log))
        {
            log.BeginCheckpoint();
            (_next, _written, _wanted) = (0, 0, false);
        }

        if (_next >= 0)
        {
            WritePiece(log);
        }

        _timer.Set(_next < 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(1));
    }

    private void WritePiece(IRecordLog log)
    {
        var most = Math.Min(PieceBytes, log.SectionBytes / PiecesPerSection);
        CheckpointPiece.Begin(_piece, _core.Generation);
        var begun = _piece.Length;
        while (_next < _core.Table.Messages.Bound && _piece.Length < most && TryAddMessage(_next, isFirst: _piece.Length == begun))
        {
            _next++;
        }

        _written += _piece.Length;
        var result = log.AppendCheckpoint(_piece.Span);
        _piece.Consume(_piece.Length);
        var last = _next >= _core.Table.Messages.Bound;
        if (result == LogResult.Success && last)
        {
            result = log.EndCheckpoint();
            _committer.SyncAtTurnEnd();
        }

        _committer.WriteOutAtTurnEnd();
        _wanted |= result != LogResult.Success; // Who asked for it still needs it when there is room.
        if (last || result != LogResult.Success)
        {
            _needed = _written * _core.Table.Messages.Bound / Math.Max(_next, 1);
            _next = -1;
        }
    }

    /// <summary>
    /// False when a checkpoint would not fit: pieces without an end use up room for nothing. What it needs is guessed from the
    /// last one, or from that part of it which there was room for; a guess that is too high fades, and what lives is more.
    /// </summary>
    private bool HasRoom(IRecordLog log)
    {
        _needed -= _needed >> 10;
        return log.RoomForCopies >= Math.Min(_needed, _core.Table.LiveBytes);
    }

    /// <summary>Adds a message to the piece, if it is one; false when it is so large that it has to begin the next.</summary>
    private bool TryAddMessage(int message, bool isFirst)
    {
        ref var entry = ref _core.Table.Messages[message];
        if (entry.Id == 0)
        {
            return true;
        }

        _ = _image.TryWrite(message, null, _payload);
        var owed = _notices.OwedOf(message).Select(item => ((uint)_core.Table.Recipients[item.Recipient].Number, item)).ToList();
        var fits = isFirst || _piece.Length + CheckpointPiece.SizeOf(_payload.Length, owed.Count) <= IRecordLog.MaxPayload;
        if (fits)
        {
            CheckpointPiece.Add(_piece, entry.Envelope, entry.FirstSection, _payload.Span, owed);
        }

        _payload.Consume(_payload.Length);
        return fits;
    }
}
