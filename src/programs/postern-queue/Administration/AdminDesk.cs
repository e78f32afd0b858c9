using Postern.Ipc;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Delivery;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Queue.Table;

namespace Postern.Queue.Administration;

/// <summary>Answers one administrator's connection on the control socket.</summary>
/// <remarks>
/// Whatever concerns all messages is done in parts, between which the loop has its turns: with a million of them a look at
/// each envelope takes seconds, in which nobody else would get his 250.
/// </remarks>
internal sealed class AdminDesk(QueueCore core, EventLoop loop, Committer committer, Dispatcher dispatcher, Intake.IntakeGate gate) : IChannelEvents
{
    /// <summary>Messages in one part: some milliseconds when each envelope is read.</summary>
    internal const int PerTurn = 1000;

    /// <summary>Requests that may be under way together. Arbitrary: our own tools have one.</summary>
    internal const int MaxUnderWay = 16;

    /// <summary>Bytes that may wait to be taken: beyond it nothing more is prepared, and no request read. Arbitrary.</summary>
    internal const int MaxUnsent = 1024 * 1024;

    private readonly QueueActs _acts = new(core);
    private List<Signal> _waiting = [];
    private int _underWay;

    /// <summary>The channel.</summary>
    internal IFrameSink? Sink { get; set; }

    /// <summary>Counts attempts under way, for the status.</summary>
    internal required Func<int> Active { get; init; }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        (type == StatusRequestFrame.Type && StatusRequestFrame.TryRead(ref reader, out var status) && Begin(StatusAsync(status.Request)))
        || (type == ListRequestFrame.Type && ListRequestFrame.TryRead(ref reader, out var list) && Begin(ListAsync(list)))
        || (type == ShowRequestFrame.Type && ShowRequestFrame.TryRead(ref reader, out var show) && Begin(ShowAsync(show)))
        || (type == ActFrame.Type && ActFrame.TryRead(ref reader, out var act) && Begin(ActAsync(act)))
        || (type == DrainFrame.Type && DrainFrame.TryRead(ref reader, out var drain) && Drain(drain));

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        Sink = null;
        GoOn();
    }

    /// <summary>The administrator has taken what he was sent.</summary>
    internal void GoOn()
    {
        (var waiting, _waiting) = (_waiting, []);
        waiting.ForEach(signal => signal.Set());
    }

    private bool Drain(DrainFrame request)
    {
        gate.Drain(request.On);
        core.Events.Info(request.On ? "draining" : "accepting").Write();
        Sink!.Send(new RequestEndFrame { Request = request.Request, Found = true });
        return true;
    }

    private bool Begin(Task answer)
    {
        loop.Adopt(answer);
        return _underWay <= MaxUnderWay;
    }

    /// <summary>Visits every message, or those before the first visit that is false.</summary>
    private async Task VisitAsync(Func<int, bool> visit)
    {
        var turn = new TurnYield(loop);
        _underWay++;
        for (var message = 0; message < core.Table.Messages.Bound && (core.Table.Messages[message].Id == 0 || visit(message)); message++)
        {
            if (message % PerTurn == PerTurn - 1)
            {
                await turn.WaitAsync();
            }

            await TakenAsync();
        }

        _underWay--;
    }

    /// <summary>Waits while he takes nothing: a million messages listed to somebody who does not read must not wait in memory.</summary>
    private async ValueTask TakenAsync()
    {
        while (Sink is { Unsent: > MaxUnsent })
        {
            var taken = new Signal();
            _waiting.Add(taken);
            await taken.WaitAsync();
        }
    }

    private async Task StatusAsync(uint request)
    {
        var (open, deferred, held, oldest) = (0UL, 0UL, 0UL, 0L);
        await VisitAsync(message =>
        {
            ref var entry = ref core.Table.Messages[message];
            oldest = Math.Min(oldest == 0 ? core.Now : oldest, entry.Arrived);
            for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
            {
                ref var recipient = ref core.Table.Recipients[index];
                if (recipient.State != RecipientState.Done)
                {
                    open++;
                    held += recipient.Held ? 1U : 0;
                    deferred += !recipient.Held && core.WaitsUntil(recipient) > 0 ? 1U : 0;
                }
            }

            return true;
        });
        Sink?.Send(new StatusFrame
        {
            Request = request,
            Condition = gate.Condition,
            Messages = (ulong)core.Table.Messages.Count,
            Recipients = open,
            Deferred = deferred,
            Held = held,
            Active = (ulong)Active(),
            Accepted = (ulong)core.Counted.Accepted,
            Delivered = (ulong)core.Counted.Delivered,
            Failed = (ulong)core.Counted.Failed,
            OldestArrived = oldest,
            LogBytes = (ulong)core.Log.Bytes,
        });
    }

    private async Task ListAsync(ListRequestFrame request)
    {
        var chosen = new Chosen(request.Of, request.Filter);
        var left = (long)request.Limit;
        await VisitAsync(message => Sink is not null && (left -= SendItems(request.Request, message, chosen, withDone: false) > 0 ? 1 : 0) > 0);
        Sink?.Send(new RequestEndFrame { Request = request.Request, Found = true });
    }

    private async Task ShowAsync(ShowRequestFrame request)
    {
        _underWay++;
        if (core.Table.Find(request.Message) is >= 0 and var found)
        {
            SendItems(request.Request, found, new Chosen(Selection.All), withDone: true);
        }

        var (open, sent) = (new OpenEnvelope(), 0);
        int message;
        while ((message = core.Table.Find(request.Message)) >= 0 && request.Content && Sink is not null)
        {
            open.Read(core.Log, core.Table.Messages[message]); // It may be written anew meanwhile.
            if (sent == open.Chunks.Length)
            {
                break;
            }

            Sink.Send(new ContentFrame { Transaction = request.Request, Bytes = core.Log.ReadContent(open.Chunks[sent++]) });
            await TakenAsync();
        }

        // One that was over before all of it was shown was not found.
        Sink?.Send(new RequestEndFrame { Request = request.Request, Found = message >= 0 });
        _underWay--;
    }

    private int SendItems(uint request, int message, Chosen chosen, bool withDone)
    {
        ref var entry = ref core.Table.Messages[message];
        var head = EnvelopeHead.Open(core.Log.ReadEnvelope(entry.Envelope), out var tail, out var reader);
        var sent = 0;
        for (var number = 0; number < tail.Recipients; number++)
        {
            var stored = StoredRecipient.Read(ref reader);
            var index = entry.FirstRecipient + number;
            ref var recipient = ref core.Table.Recipients[index];
            var destination = core.Destinations[recipient.Destination];
            if ((recipient.State == RecipientState.Done && !withDone) || !chosen.Takes(destination.HopText) || !chosen.Takes(head.Sender, stored.Address))
            {
                continue;
            }

            var waitsUntil = recipient.Held ? 0 : core.WaitsUntil(recipient);
            sent++;
            Sink!.Send(new ItemFrame
            {
                Request = request,
                Message = entry.Id,
                Sender = head.Sender,
                Recipient = stored.Address,
                Condition = recipient.State is RecipientState.Done or RecipientState.Owed ? RecipientCondition.Done
                    : recipient.Held ? RecipientCondition.Held
                    : recipient.Active ? RecipientCondition.Active
                    : entry.Arrived > core.Now ? RecipientCondition.Postponed
                    : waitsUntil > 0 ? RecipientCondition.Deferred
                    : RecipientCondition.Queued,
                Attempts = recipient.Attempts,
                Size = (ulong)head.Size,
                Arrived = Math.Max(0, (long)entry.Arrived - head.Hold),
                NextAttempt = waitsUntil,
                Destination = System.Text.Encoding.ASCII.GetBytes(destination.HopText),
                LastText = LastText(index, recipient, destination),
            });
        }

        return sent;
    }

    private byte[] LastText(int index, in RecipientEntry recipient, Destination destination) =>
        recipient.Attempts == 0 && !destination.Window.IsFailing ? []
        : core.Answers.Find(index, recipient.Attempts) ?? System.Text.Encoding.ASCII.GetBytes(destination.Window.LastText);

    /// <summary>Goes on to its end even when the administrator has left.</summary>
    private async Task ActAsync(ActFrame request)
    {
        var chosen = new Chosen(request.Of);
        var (recipients, messages, tried) = (0, 0, 0);
        bool Do(int message)
        {
            var touched = _acts.Do(request.Act, message, chosen);
            (recipients, messages) = (recipients + touched, messages + (touched > 0 ? 1 : 0));
            return true;
        }

        if (request.Message == 0)
        {
            await VisitAsync(Do);
        }
        else if (core.Table.Find(request.Message) is >= 0 and var known && Do(known) && request.Act == QueueAct.Retry && recipients > 0)
        {
            // Whoever names a message means it, and none of those that wait in front of it.
            tried = dispatcher.TryFirst(known);
        }

        core.Events.Info("administered").Word("act", request.Act.ToString()).Number("recipients", recipients)
            .Word("id", request.Message == 0 ? "any" : new MessageId(request.Message).ToString())
            .Quoted("destination", request.Of.Destination).Quoted("domain", request.Of.Domain).Quoted("sender", request.Of.Sender).Write();
        committer.AfterSync(() => Sink?.Send(new ActDoneFrame
        {
            Request = request.Request,
            Recipients = (uint)recipients,
            Messages = (uint)messages,
            Tried = (uint)tried,
        }));
        dispatcher.Run();
    }
}
