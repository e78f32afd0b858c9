using Postern.Ipc;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Queue.Delivery;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Queue.Table;

namespace Postern.Queue.Administration;

/// <summary>Answers one administrator's connection on the control socket.</summary>
internal sealed class AdminDesk(QueueCore core, Committer committer, QueueActs acts, Dispatcher dispatcher, Intake.IntakeGate gate) : IChannelEvents
{
    /// <summary>The channel.</summary>
    internal IFrameSink? Sink { get; set; }

    /// <summary>Counts attempts under way, for the status.</summary>
    internal required Func<int> Active { get; init; }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        (type == StatusRequestFrame.Type && StatusRequestFrame.TryRead(ref reader, out var status) && Status(status.Request))
        || (type == ListRequestFrame.Type && ListRequestFrame.TryRead(ref reader, out var list) && List(list))
        || (type == ShowRequestFrame.Type && ShowRequestFrame.TryRead(ref reader, out var show) && Show(show))
        || (type == ActFrame.Type && ActFrame.TryRead(ref reader, out var act) && Act(act))
        || (type == DrainFrame.Type && DrainFrame.TryRead(ref reader, out var drain) && Drain(drain));

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile) => Sink = null;

    private bool Drain(DrainFrame request)
    {
        gate.Drain(request.On);
        core.Events.Info(request.On ? "draining" : "accepting").Write();
        Sink!.Send(new RequestEndFrame { Request = request.Request, Found = true });
        return true;
    }

    private bool Status(uint request)
    {
        var (open, deferred, held, oldest) = acts.Count();
        Sink!.Send(new StatusFrame
        {
            Request = request,
            Condition = gate.Condition,
            Messages = (ulong)core.Table.Messages.Count,
            Recipients = (ulong)open,
            Deferred = (ulong)deferred,
            Held = (ulong)held,
            Active = (ulong)Active(),
            Accepted = (ulong)core.Counted.Accepted,
            Delivered = (ulong)core.Counted.Delivered,
            Failed = (ulong)core.Counted.Failed,
            OldestArrived = oldest,
            LogBytes = (ulong)core.Log.Bytes,
        });
        return true;
    }

    private bool List(ListRequestFrame request)
    {
        var filter = System.Text.Encoding.ASCII.GetBytes(request.Filter);
        var left = request.Limit;
        for (var message = 0; message < core.Table.Messages.Bound && left > 0; message++)
        {
            if (core.Table.Messages[message].Id != 0)
            {
                left -= (uint)Math.Min(left, SendItems(request.Request, message, filter, withDone: false));
            }
        }

        Sink!.Send(new RequestEndFrame { Request = request.Request, Found = true });
        return true;
    }

    private bool Show(ShowRequestFrame request)
    {
        var message = core.Table.Find(request.Message);
        if (message >= 0)
        {
            SendItems(request.Request, message, [], withDone: true);
            if (request.Content)
            {
                SendContent(request.Request, message);
            }
        }

        Sink!.Send(new RequestEndFrame { Request = request.Request, Found = message >= 0 });
        return true;
    }

    private void SendContent(uint request, int message)
    {
        _ = EnvelopeHead.Open(core.Log.ReadEnvelope(core.Table.Messages[message].Envelope), out var tail, out _);
        foreach (var chunk in tail.Chunks)
        {
            Sink!.Send(new ContentFrame { Transaction = request, Bytes = core.Log.ReadContent(chunk) });
        }
    }

    private int SendItems(uint request, int message, ReadOnlySpan<byte> filter, bool withDone)
    {
        ref var entry = ref core.Table.Messages[message];
        var head = EnvelopeHead.Open(core.Log.ReadEnvelope(entry.Envelope), out var tail, out var reader);
        var sent = 0;
        for (var number = 0; number < tail.Recipients; number++)
        {
            var stored = StoredRecipient.Read(ref reader);
            if (!filter.IsEmpty && head.Sender.IndexOf(filter) < 0 && stored.Address.IndexOf(filter) < 0)
            {
                continue;
            }

            var index = entry.FirstRecipient + number;
            ref var recipient = ref core.Table.Recipients[index];
            if (recipient.State == RecipientState.Done && !withDone)
            {
                continue;
            }

            var destination = core.Destinations[recipient.Destination];
            var waitsUntil = core.WaitsUntil(recipient);
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
                    : waitsUntil > 0 ? RecipientCondition.Deferred
                    : RecipientCondition.Queued,
                Attempts = recipient.Attempts,
                Size = (ulong)entry.Size,
                Arrived = entry.Arrived,
                NextAttempt = waitsUntil,
                Destination = System.Text.Encoding.ASCII.GetBytes(destination.Hop.ToString()),
                LastText = LastText(index, recipient, destination),
            });
        }

        return sent;
    }

    private byte[] LastText(int index, in RecipientEntry recipient, Destination destination) =>
        recipient.Attempts == 0 && !destination.Window.IsFailing ? []
        : core.Answers.Find(index, recipient.Attempts) ?? System.Text.Encoding.ASCII.GetBytes(destination.LastText);

    private bool Act(ActFrame request)
    {
        var touched = acts.Do(request.Act, request.Message, request.Destination);
        core.Events.Info("administered").Word("act", request.Act.ToString()).Number("recipients", touched)
            .Word("id", request.Message == 0 ? "any" : new MessageId(request.Message).ToString()).Quoted("destination", request.Destination).Write();
        committer.AfterSync(() => Sink?.Send(new ActDoneFrame { Request = request.Request, Count = (uint)touched }));
        dispatcher.Run();
        return true;
    }
}
