using Postern.Cell.Arguments;
using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Cell.Running;

/// <summary>Stands beside a running program: passes its bytes on, looks at the clock, and ends it.</summary>
internal sealed class Watch(CellOrder order, int child, Descriptor notes, TimeProvider time)
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;
    private const int MaxWait = 3_600_000;

    private readonly byte[] _note = new byte[ChildNote.Size];
    private ChildNote _ended;
    private ChildNote _stopped;
    private bool _isOver;
    private bool _isLost;

    /// <summary>What the child said when a step of its way did not do what was expected; null when it arrived.</summary>
    internal ChildNote? Stopped => _stopped.Kind == ChildNoteKind.Stopped ? _stopped : null;

    /// <summary>The largest resident set of the program, in KiB; 0 when it was ended.</summary>
    internal long Peak => _ended.PeakKibibytes;

    /// <summary>Watches until the program has ended and all that it wrote is passed on.</summary>
    /// <param name="relays">Standard input, output and error.</param>
    /// <returns>How it ended.</returns>
    internal CellEnd Run(Relay[] relays)
    {
        CellEnd? end = null;
        var began = time.GetTimestamp();
        Span<int> numbers = stackalloc int[7];
        Span<Readiness> wanted = stackalloc Readiness[7];
        Span<Readiness> found = stackalloc Readiness[7];
        while (!_isOver || !relays[Output].IsDone || !relays[Error].IsDone)
        {
            Prepare(relays, numbers, wanted);
            var left = Left(began);
            if (!_isOver && left <= 0)
            {
                end ??= CellEnd.OfTime("time");
                EndProgram(relays);
                continue;
            }

            _ = DescriptorPoll.Wait(numbers, wanted, found, _isOver ? -1 : (int)Math.Min(left, MaxWait));
            if (found[6] != Readiness.None && !_isOver)
            {
                TakeNote(relays);
                // Held up ourselves, we come too late to end it: the process inside did.
                end ??= _isLost && Left(began) <= 0 ? CellEnd.OfTime("time") : null;
            }

            var cause = Pass(relays, found);
            end ??= cause;
            if (end is not null && !_isOver)
            {
                EndProgram(relays);
            }
        }

        return end ?? CellEnd.Of(new ProcessEnd(_ended.Value), Peak, order.Memory);
    }

    private long Left(long began) => (order.Seconds * 1000L) - (long)time.GetElapsedTime(began).TotalMilliseconds;

    private void Prepare(Relay[] relays, Span<int> numbers, Span<Readiness> wanted)
    {
        for (var i = 0; i < relays.Length; i++)
        {
            // Whoever wants nothing is left out: a closed end is reported all the same, again and again.
            (wanted[2 * i], wanted[(2 * i) + 1]) = (relays[i].WantsToRead, relays[i].WantsToWrite);
            numbers[2 * i] = wanted[2 * i] == Readiness.None ? -1 : relays[i].Source;
            numbers[(2 * i) + 1] = wanted[(2 * i) + 1] == Readiness.None ? -1 : relays[i].Sink;
        }

        (numbers[6], wanted[6]) = (_isOver ? -1 : notes.Number, Readiness.Readable);
    }

    private CellEnd? Pass(Relay[] relays, Span<Readiness> found)
    {
        CellEnd? end = null;
        for (var i = 0; i < relays.Length; i++)
        {
            // The sink may have gone, and with it what was read for it.
            if (found[(2 * i) + 1] != Readiness.None && relays[i].WantsToWrite != Readiness.None)
            {
                relays[i].Write();
            }
            else if (found[2 * i] != Readiness.None && relays[i].WantsToRead != Readiness.None)
            {
                relays[i].Read();
            }

            if (relays[i].IsOverLimit)
            {
                end ??= CellEnd.OfOutput(i == Output ? "standard output" : "standard error", order.Output);
            }

            if (relays[i].Failure != 0)
            {
                end ??= new CellEnd(
                    EndCause.Writing, EndCode.InputOutput, $"ended: its output could not be written: {Errno.Describe(relays[i].Failure)}");
            }
        }

        return end;
    }

    private void TakeNote(Relay[] relays)
    {
        var read = DescriptorBytes.Read(notes.Number, _note);
        if (read.Failed || read.Value != _note.Length)
        {
            // Whoever waits for the program is gone, and with it the program.
            _isLost = _ended.Kind != ChildNoteKind.Ended;
            _ended = _ended.Kind == ChildNoteKind.Ended ? _ended : new ChildNote { Kind = ChildNoteKind.Ended, Value = ChildProcess.SignalKill };
            EndProgram(relays);
            return;
        }

        var note = ChildNote.Read(_note);
        _ended = note.Kind == ChildNoteKind.Ended ? note : _ended;
        _stopped = note.Kind == ChildNoteKind.Stopped ? note : _stopped;
        if (note.Kind == ChildNoteKind.Ended)
        {
            EndProgram(relays);
        }
    }

    /// <summary>Ends whatever is left of it: the first process takes its namespace along, and the group has everybody else.</summary>
    private void EndProgram(Relay[] relays)
    {
        _isOver = true;
        _ = ChildProcess.Signal(-child, ChildProcess.SignalKill);
        _ = ChildProcess.Signal(child, ChildProcess.SignalKill);
        _ = ChildProcess.Reap(child, wait: true, out _);
        if (!relays[Input].IsDone)
        {
            relays[Input].EndSink();
        }
    }
}
