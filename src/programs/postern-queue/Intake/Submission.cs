using Postern.Ipc.Submission;
using Postern.Loop;
using Postern.Spool;

namespace Postern.Queue.Intake;

/// <summary>A message that was handed in whole and waits for its commit.</summary>
internal sealed class Submission(Intake intake, uint transaction, IncomingMessage message) : ICommitted
{
    /// <inheritdoc/>
    public uint? FirstSection => message.FirstSection;

    /// <inheritdoc/>
    public LogResult Append(QueueCore core, ByteQueue scratch, out RecordPosition position)
    {
        message.WriteEnvelope(scratch, core.Now);
        return core.Log.AppendEnvelope(scratch.Span, out position);
    }

    /// <inheritdoc/>
    public void Refused(QueueCore core, LogResult refusal) =>
        Answer(refusal == LogResult.Full ? SubmissionOutcome.Full : SubmissionOutcome.Failed);

    /// <inheritdoc/>
    public void Committed(QueueCore core, int index)
    {
        core.Counted = core.Counted with { Accepted = core.Counted.Accepted + 1 };
        if (intake.LocalUser is { } user)
        {
            core.Events.Info("accepted").Word("id", message.Id.ToString()).Number("uid", user).Quoted("from", message.Sender)
                .Number("rcpts", message.Recipients).Number("size", message.Size).Write();
        }

        Answer(SubmissionOutcome.Committed);
    }

    private void Answer(SubmissionOutcome outcome)
    {
        intake.Answered(message);
        intake.Sink?.Send(new SubmissionAnswerFrame { Transaction = transaction, Outcome = outcome });
    }
}
