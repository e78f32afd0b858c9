using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Bounce;

/// <summary>One notification while it is being told: its head, its recipients, and what goes back of the original.</summary>
internal sealed class Composition
{
    /// <summary>Bytes of the original that may be told: queue sends at most 50,000.</summary>
    private const int MaxOriginal = 64 * 1024;

    /// <summary>Recipients of one notification: those of one message.</summary>
    private const int MaxRecipients = 10_000;

    private readonly List<NotifiedRecipient> _recipients = [];
    private readonly ArrayBufferWriter<byte> _original = new();

    // Null for the null sender.
    private readonly Mailbox? _to;
    private readonly MessageId _message;
    private readonly MessageId _own;
    private readonly DateTimeOffset _arrived;
    private readonly DateTimeOffset _now;
    private readonly byte[] _envelopeId;
    private readonly bool _full;
    private readonly bool _smtpUtf8;

    private Composition(scoped in NoticeStartFrame start, Mailbox? to)
    {
        _to = to;
        (_message, _own) = (new MessageId(start.Message), new MessageId(start.Own));
        (_arrived, _now) = (DateTimeOffset.FromUnixTimeSeconds(start.Arrived), DateTimeOffset.FromUnixTimeSeconds(start.Now));
        _envelopeId = start.EnvelopeId.ToArray();
        (_full, _smtpUtf8) = (start.Full, start.SmtpUtf8);
    }

    /// <summary>Begins one; false when the head can't be right.</summary>
    internal static bool TryBegin(scoped in NoticeStartFrame start, [NotNullWhen(true)] out Composition? composition)
    {
        Mailbox? to = null;
        composition = IsMoment(start.Arrived) && IsMoment(start.Now) && (start.To.IsEmpty || Mailbox.TryParse(start.To, allowUtf8: true, out to))
            ? new Composition(start, to)
            : null;
        return composition is not null;
    }

    /// <summary>Takes a recipient.</summary>
    internal bool TryAdd(scoped in NoticeRecipientFrame frame)
    {
        if (_recipients.Count == MaxRecipients || !IsMoment(frame.RetryUntil) || !Mailbox.TryParse(frame.Address, allowUtf8: true, out var mailbox))
        {
            return false;
        }

        var isKnown = frame.Status != 0;
        _recipients.Add(new NotifiedRecipient
        {
            Action = frame.Action switch
            {
                NoticeAction.Failed => NotifiedAction.Failed,
                NoticeAction.Delayed => NotifiedAction.Delayed,
                NoticeAction.Delivered => NotifiedAction.Delivered,
                NoticeAction.Relayed => NotifiedAction.Relayed,
                _ => NotifiedAction.Expanded,
            },
            Mailbox = mailbox,
            OriginalRecipient = frame.Original.ToArray(),
            Status = isKnown ? Unpack(frame.Status) : StatusOf(frame.Action),
            RemoteHost = frame.Host.ToArray(),
            Text = (isKnown ? frame.Text : TextOf(frame.Action)).ToArray(),
            LastAttempt = _now,
            RetryUntil = frame.RetryUntil == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(frame.RetryUntil),
        });
        return true;
    }

    /// <summary>Takes a piece of the original.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> original)
    {
        if (_original.WrittenCount + original.Length > MaxOriginal)
        {
            return false;
        }

        _original.Write(original);
        return true;
    }

    /// <summary>Writes the notification; empty when it can't be written.</summary>
    internal ReadOnlySpan<byte> Write(DomainName host, Mailbox postmaster, ReadOnlySpan<byte> seed)
    {
        var output = new ArrayBufferWriter<byte>();
        var notification = new Notification
        {
            ReportingHost = host,
            From = postmaster,
            // Never to the null sender, of which it would come back (RFC 5321 §6.1): to postmaster.
            To = _to ?? default(ForwardPath).Resolve(host),
            IsLastResort = _to is null,
            Id = _own,
            Message = _message,
            Date = _now,
            Arrived = _arrived,
            EnvelopeId = _envelopeId,
            SmtpUtf8 = _smtpUtf8,
            Recipients = _recipients,
            Original = _original.WrittenMemory,
            OriginalIsFull = _full,
        };
        return _recipients.Count > 0 && notification.TryWrite(seed, output) ? output.WrittenSpan : default;
    }

    /// <summary>What is sure when nobody knows the answer any more. Of a list there never was one: it says what local does.</summary>
    private static EnhancedStatus StatusOf(NoticeAction action) => action switch
    {
        NoticeAction.Failed => new EnhancedStatus(5, 0, 0),
        NoticeAction.Delayed => new EnhancedStatus(4, 0, 0),
        NoticeAction.Expanded => new EnhancedStatus(2, 1, 5),
        _ => new EnhancedStatus(2, 0, 0),
    };

    private static ReadOnlySpan<byte> TextOf(NoticeAction action) =>
        action == NoticeAction.Expanded ? "replaced by the addresses that it stands for"u8 : "what was answered is not known any more"u8;

    private static EnhancedStatus Unpack(uint packed) =>
        new((byte)Math.Min(packed / 1_000_000, 9), (ushort)(packed / 1000 % 1000), (ushort)(packed % 1000));

    /// <summary>From 1970 to 9999: what a date can say.</summary>
    private static bool IsMoment(long seconds) => seconds is >= 0 and < 253_402_300_800;
}
