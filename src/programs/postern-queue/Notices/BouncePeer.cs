using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue.Notices;

/// <summary>The queue's side of the channel to <c>bounce</c>, which composes notifications from what it is told.</summary>
internal sealed class BouncePeer(QueueCore core, NoticeDesk desk, Committer committer) : IChannelEvents
{
    /// <summary>How much of the original goes back: Postfix's bounce_size_limit.</summary>
    private const int MaxReturned = 50_000;

    private readonly Dictionary<uint, Notice> _composing = [];
    private readonly ByteQueue _original = new();
    private uint _next;

    /// <summary>The channel; null while the program is down.</summary>
    internal IFrameSink? Sink { get; private set; }

    /// <summary>The notifications being composed.</summary>
    internal IReadOnlyCollection<Notice> Notices => _composing.Values;

    /// <summary>A fresh channel: the program is back. Its end may be known before that of the old one.</summary>
    internal void Join(Channel channel)
    {
        Leave();
        Sink = channel;
    }

    /// <summary>Asks for a commit, after which notifications are composed.</summary>
    internal void AskForSync() => committer.SyncAtTurnEnd();

    /// <summary>Has a notification composed.</summary>
    internal void Compose(Payment payment)
    {
        ref var entry = ref core.Table.Messages[payment.Message];
        var head = EnvelopeHead.Open(core.Log.ReadEnvelope(entry.Envelope), out var tail, out var reader);
        // Never to the null sender, of which it would come back (RFC 5321 §6.1): to postmaster, and that only once.
        var lastResort = head.Sender.IsEmpty;
        var to = lastResort ? Encoding.ASCII.GetBytes("postmaster@" + core.Settings.HostName) : head.Sender.ToArray();
        // What had to be within TLS has to be so on its way back, and only its header comes (RFC 8689 §5).
        var handling = head.Handling & Handling.RequireTls;
        var full = payment.Kind == NoticeKind.Failure && (lastResort || head.Return == ReturnContent.Full) && head.Size <= MaxReturned && handling == Handling.None;
        var notice = new Notice(desk, payment, core.IssueId(), to, lastResort, handling);
        var number = ++_next;
        _composing.Add(number, notice);
        Sink!.Send(new NoticeStartFrame
        {
            Notice = number,
            Message = head.Message,
            Own = notice.Id.Value,
            To = head.Sender,
            EnvelopeId = head.EnvelopeId,
            Arrived = head.Arrived,
            Now = core.Now,
            Full = full,
            SmtpUtf8 = head.Handling.HasFlag(Handling.SmtpUtf8),
        });
        SendRecipients(number, ref reader, tail.Recipients, payment, entry.Arrived);
        SendOriginal(number, tail, full);
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content) && Take(content))
        || (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end) && End(end.Transaction))
        || (type == NoticeRefusedFrame.Type && NoticeRefusedFrame.TryRead(ref reader, out var refused) && Refuse(refused.Notice));

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (ReferenceEquals(Sink, channel))
        {
            Leave();
        }
    }

    /// <summary>What was under way is composed anew.</summary>
    private void Leave()
    {
        Sink = null;
        foreach (var notice in _composing.Values)
        {
            desk.Retry(notice.Payment);
        }

        _composing.Clear();
    }

    /// <summary>Gives up the texts that came in so long ago; they are asked for again.</summary>
    internal void Drop(uint section)
    {
        foreach (var (number, notice) in _composing.Where(one => one.Value.FirstSection <= section).ToList())
        {
            _composing.Remove(number);
            desk.Retry(notice.Payment);
        }
    }

    private void SendRecipients(uint number, ref FrameReader reader, int count, Payment payment, long arrived)
    {
        var byNumber = payment.Items.ToDictionary(item => core.Table.Recipients[item.Recipient].Number);
        for (var place = 0; place < count; place++)
        {
            var recipient = StoredRecipient.Read(ref reader);
            if (byNumber.TryGetValue(place, out var item))
            {
                var result = desk.RecordOf(payment.Message, item);
                Sink!.Send(new NoticeRecipientFrame
                {
                    Notice = number,
                    Action = item.Action,
                    Address = recipient.Address,
                    Original = recipient.Original,
                    Status = result.Status,
                    Host = result.Host,
                    Text = result.Text,
                    RetryUntil = item.Action == NoticeAction.Delayed ? arrived + (long)core.Settings.Backoff.Expire.TotalSeconds : 0,
                });
            }
        }
    }

    /// <summary>Sends the original's header, or all of it, as far as a notification may carry it back.</summary>
    private void SendOriginal(uint number, in EnvelopeTail tail, bool full)
    {
        // Gathered first: the line that ends the header may lie across two pieces, and what follows it is none of
        // anybody's business who asked for the header.
        var end = -1;
        foreach (var chunk in tail.Chunks)
        {
            var bytes = core.Log.ReadContent(chunk);
            _original.Append(bytes[..Math.Min(bytes.Length, MaxReturned - _original.Length)]);
            end = full ? -1 : _original.Span.IndexOf("\r\n\r\n"u8);
            if (end >= 0 || _original.Length == MaxReturned)
            {
                break;
            }
        }

        if (end < 0 && _original.Length == MaxReturned)
        {
            end = _original.Span.LastIndexOf("\r\n"u8); // Cut between lines.
        }

        Sink!.Send(new ContentFrame { Transaction = number, Bytes = end < 0 ? _original.Span : _original.Span[..(end + 2)] });
        Sink.Send(new ContentEndFrame { Transaction = number });
        _original.Consume(_original.Length);
    }

    private bool Take(scoped in ContentFrame content)
    {
        if (!_composing.TryGetValue(content.Transaction, out var notice))
        {
            return content.Transaction <= _next; // More of one that was dropped for want of room.
        }

        var (good, refusal) = notice.Take(core, content.Bytes);
        if (refusal != LogResult.Success)
        {
            _composing.Remove(content.Transaction);
            desk.Retry(notice.Payment);
        }

        committer.WriteOutAtTurnEnd();
        return good;
    }

    private bool Refuse(uint number)
    {
        if (!_composing.Remove(number, out var notice))
        {
            return false;
        }

        desk.Retry(notice.Payment);
        return true;
    }

    private bool End(uint number)
    {
        if (_composing.Remove(number, out var notice))
        {
            committer.Add(notice);
        }

        return true; // One that was dropped for want of room is simply late.
    }
}
