using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Queue.Schedule;

namespace Postern.Queue.Delivery;

/// <summary>The queue's side of the channel to <c>local</c> or <c>remote</c>: hands attempts over and takes results.</summary>
/// <remarks>
/// The other side is not trusted. It sees only the messages that it was given, and can say only what became of their
/// recipients; a result for anything else closes the channel.
/// </remarks>
internal sealed class DeliveryPeer(QueueCore core, string name, Action<DeliveryPeer, Attempt> ended, Action<DeliveryPeer> lost) : IChannelEvents
{
    /// <summary>Bytes that wait for a slow reader before content stops being read from the log.</summary>
    private const int MaxUnsent = 1024 * 1024;

    private readonly Dictionary<uint, Attempt> _attempts = [];
    private readonly Queue<Attempt> _sending = new();
    private readonly OpenEnvelope _small = new();
    private readonly OpenEnvelope _large = new(); // Small ones that come in between must not displace a mailing.
    private uint _next;

    /// <summary>The program's name, for the log.</summary>
    internal string Name => name;

    /// <summary>The channel; null while the program is down.</summary>
    internal IFrameSink? Sink { get; private set; }

    /// <summary>Attempts under way.</summary>
    internal Dictionary<uint, Attempt>.ValueCollection Attempts => _attempts.Values;

    /// <summary>A fresh channel: the program is back.</summary>
    internal void Join(Channel channel)
    {
        if (Sink is not null)
        {
            Leave(hostile: false);
        }

        channel.Drained = SendContent;
        Sink = channel;
    }

    /// <summary>Begins an attempt for these recipients of a message.</summary>
    internal void Begin(int message, Destination destination, List<int> recipients)
    {
        var attempt = new Attempt(++_next, message, destination) { Credit = FrameLimits.ContentWindow, Begun = core.Now };
        _attempts.Add(attempt.Number, attempt);
        SendEnvelope(attempt, recipients);
        _sending.Enqueue(attempt);
        SendContent();
    }

    /// <summary>Sends what credit and the reader's pace allow.</summary>
    internal void SendContent()
    {
        for (var turns = _sending.Count; turns > 0 && Sink is { } sink && sink.Unsent < MaxUnsent; turns--)
        {
            var attempt = _sending.Dequeue();
            if (!_attempts.ContainsKey(attempt.Number))
            {
                continue;
            }

            if (attempt.Envelope != core.Table.Messages[attempt.Message].Envelope)
            {
                _ = Open(attempt); // A slow reader may outlast the section that it reads from.
            }

            while (attempt.Credit > 0 && sink.Unsent < MaxUnsent && attempt.Sent < attempt.Chunks.Length)
            {
                var content = core.Log.ReadContent(attempt.Chunks[attempt.Sent++]);
                sink.Send(new ContentFrame { Transaction = attempt.Number, Bytes = content });
                attempt.Credit -= content.Length;
            }

            if (attempt.Sent == attempt.Chunks.Length)
            {
                sink.Send(new ContentEndFrame { Transaction = attempt.Number });
            }
            else
            {
                _sending.Enqueue(attempt);
            }
        }
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        (type == RecipientResultFrame.Type && RecipientResultFrame.TryRead(ref reader, out var result) && Take(result))
        || (type == DeliveryEndFrame.Type && DeliveryEndFrame.TryRead(ref reader, out var end) && End(end.Delivery))
        || (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit) && Grant(credit))
        || (type == ExchangersFrame.Type && ExchangersFrame.TryRead(ref reader, out var exchangers) && Take(exchangers))
        || (type == ExpansionTargetFrame.Type && ExpansionTargetFrame.TryRead(ref reader, out var target) && Take(target));

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        // Otherwise a fresh channel has taken its place already.
        if (ReferenceEquals(Sink, channel))
        {
            Leave(hostile);
        }
    }

    private void Leave(bool hostile)
    {
        Sink = null;
        core.Events.Warning("peer-lost").Word("peer", name).Number("attempts", _attempts.Count).Word("hostile", hostile ? "yes" : "no").Write();
        lost(this);
        _attempts.Clear();
        _sending.Clear();
    }

    private void SendEnvelope(Attempt attempt, List<int> recipients)
    {
        var (envelope, destination) = (Open(attempt), attempt.Destination);
        var head = envelope.Head;
        Sink!.Send(new DeliveryStartFrame
        {
            Delivery = attempt.Number,
            Message = head.Message,
            Hop = destination.Hop.Kind,
            Destination = destination.HopName,
            Port = destination.Hop.Port,
            Sender = head.Sender,
            EnvelopeId = head.EnvelopeId,
            Return = head.Return,
            Body = head.Body,
            Handling = head.Handling,
            Size = (ulong)head.Size,
        });
        foreach (var index in recipients)
        {
            ref var recipient = ref core.Table.Recipients[index];
            recipient.Active = true;
            var stored = envelope.Recipient(recipient.Number);
            attempt.Pending.Add((uint)recipient.Number, (index, stored.Address.ToArray()));
            Sink.Send(new DeliveryRecipientFrame
            {
                Delivery = attempt.Number,
                Recipient = (uint)recipient.Number,
                Address = stored.Address,
                Original = stored.Original,
                Notify = stored.Notify,
                Final = recipient.Final,
            });
        }

        Sink.Send(new DeliveryReadyFrame { Delivery = attempt.Number });
    }

    /// <summary>Reads the envelope of an attempt's message; what is not sent yet is to be found where it says.</summary>
    private OpenEnvelope Open(Attempt attempt)
    {
        ref var entry = ref core.Table.Messages[attempt.Message];
        var open = entry.Recipients > Dispatcher.MaxRecipients ? _large : _small;
        open.Read(core.Log, entry);
        (attempt.Envelope, attempt.Chunks) = (entry.Envelope, open.Chunks);
        return open;
    }

    private bool Take(scoped in RecipientResultFrame frame)
    {
        if (!_attempts.TryGetValue(frame.Delivery, out var attempt) || !attempt.Pending.TryGetValue(frame.Recipient, out var pending))
        {
            return false;
        }

        List<ExpansionTarget>? targets = null;
        _ = attempt.Targets?.Remove(frame.Recipient, out targets);
        if ((frame.Outcome == DeliveryOutcome.Expanded) != (targets is not null))
        {
            return false;
        }

        attempt.Pending.Remove(frame.Recipient); // Not before: with the channel gone, he has to be tried again.
        attempt.Results.Add(new AttemptResult(
            pending.Index, frame.Outcome, frame.Fault, frame.Status, frame.Host.ToArray(), frame.Text.ToArray())
        { Address = pending.Address, Targets = targets });
        return true;
    }

    /// <summary>Only local's addresses stand for others, and each only once: else one message could become any number of them.</summary>
    private bool Take(scoped in ExpansionTargetFrame frame)
    {
        if (!_attempts.TryGetValue(frame.Delivery, out var attempt) || !attempt.Pending.TryGetValue(frame.Recipient, out var pending)
            || attempt.Destination.Hop.Kind != HopKind.Local || core.Table.Recipients[pending.Index].Final
            || ++attempt.TargetCount > AddressLimits.MaxRecipients || !Mailbox.IsValid(frame.Address, allowUtf8: true))
        {
            return false;
        }

        attempt.Targets ??= [];
        if (!attempt.Targets.TryGetValue(frame.Recipient, out var targets))
        {
            attempt.Targets[frame.Recipient] = targets = [];
        }

        targets.Add(new ExpansionTarget(frame.Address.ToArray(), frame.List));
        return true;
    }

    /// <summary>Only for a domain's own exchangers: with a lie about them remote can change nothing but the pace of deliveries.</summary>
    private bool Take(scoped in ExchangersFrame frame)
    {
        if (!_attempts.TryGetValue(frame.Delivery, out var attempt) || attempt.Destination.Hop.Kind != HopKind.Exchangers || frame.Exchangers.IsEmpty)
        {
            return false;
        }

        core.Destinations.Share(attempt.Destination, System.Text.Encoding.Latin1.GetString(frame.Exchangers));
        return true;
    }

    private bool End(uint number)
    {
        if (!_attempts.TryGetValue(number, out var attempt) || attempt.Pending.Count > 0)
        {
            return false;
        }

        _attempts.Remove(number);
        ended(this, attempt);
        return true;
    }

    private bool Grant(CreditFrame credit)
    {
        // A grant for an attempt that has just ended is late, not hostile.
        if (_attempts.TryGetValue(credit.Transaction, out var attempt))
        {
            attempt.Credit = Math.Min(attempt.Credit + credit.Bytes, FrameLimits.ContentWindow);
            SendContent();
        }

        return true;
    }
}
