using Postern.Ipc.Submission;
using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Queue.Intake;

/// <summary>Whether new messages are taken, told to every smtpd so that MAIL can be refused without asking.</summary>
internal sealed class IntakeGate
{
    /// <summary>How often a full disk is looked at again: space that came back is used within a second.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private readonly List<Intake> _intakes = [];
    private readonly QueueLog _log;
    private readonly EventLog _events;
    private readonly LoopTimer _again;
    private bool _full;
    private bool _draining;

    internal IntakeGate(EventLoop loop, QueueLog log, EventLog events)
    {
        (_log, _events) = (log, events);
        _again = loop.CreateTimer(LookAtDisk);
    }

    /// <summary>The condition as it is told.</summary>
    internal QueueCondition Condition =>
        _draining ? QueueCondition.Draining : _full ? QueueCondition.Full : QueueCondition.Accepting;

    /// <summary>How a message that begins now will be refused, or null.</summary>
    internal SubmissionOutcome? Refusal =>
        _draining ? SubmissionOutcome.Draining : _full ? SubmissionOutcome.Full : null;

    /// <summary>All who hand in messages now.</summary>
    internal IReadOnlyList<Intake> Intakes => _intakes;

    /// <summary>Adds one who hands in messages, and tells it the condition.</summary>
    internal void Welcome(Intake intake)
    {
        _intakes.Add(intake);
        Tell(intake);
    }

    /// <summary>One is gone.</summary>
    internal void Forget(Intake intake) => _intakes.Remove(intake);

    /// <summary>The log had no room.</summary>
    internal void DiskIsFull()
    {
        if (!_full)
        {
            _full = true;
            _events.Warning("storage-full").Quoted("reason", _log.Records.LastFailure ?? "the reserve is all that is left").Write();
            _intakes.ForEach(Tell);
        }

        _again.Set(_look);
    }

    /// <summary>An administrator stops or resumes taking messages.</summary>
    internal void Drain(bool on)
    {
        _draining = on;
        _intakes.ForEach(Tell);
    }

    private void LookAtDisk()
    {
        if (!_log.HasRoom)
        {
            _again.Set(_look);
            return;
        }

        _full = false;
        _events.Info("storage-has-room").Write();
        _intakes.ForEach(Tell);
    }

    private void Tell(Intake intake) => intake.Sink?.Send(new QueueStateFrame { Condition = Condition });
}
