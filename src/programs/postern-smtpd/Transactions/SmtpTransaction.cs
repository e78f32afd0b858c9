using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Smtp;
using Postern.Smtpd.Peers;
using Postern.Text;

namespace Postern.Smtpd.Transactions;

/// <summary>One message from its MAIL on: the envelope so far, and its content once that has begun (RFC 5321 §3.3).</summary>
internal sealed class SmtpTransaction
{
    private readonly byte[] _envelopeId;
    private readonly ReturnContent _return;
    private readonly BodyType _body;
    private readonly Handling _handling;

    // Of the recipients, as the queue counts them.
    private int _bytes;

    internal SmtpTransaction(in MailCommand command, MailProtocol protocol)
    {
        Sender = command.Sender.Sender;
        _handling = command.Handling;
        Protocol = protocol;
        _envelopeId = command.EnvelopeId.ToArray();
        _return = command.Return;
        _body = command.Body;
    }

    /// <summary>The sender; null for the null path.</summary>
    internal Mailbox? Sender { get; }

    /// <summary>True when MAIL had SMTPUTF8.</summary>
    internal bool IsUtf8 => (_handling & Handling.SmtpUtf8) != 0;

    /// <summary>When the message may be tried first, in Unix seconds; 0 is at once (RFC 4865).</summary>
    internal uint Release { get; init; }

    /// <summary>How the message comes in.</summary>
    internal MailProtocol Protocol { get; }

    /// <summary>The accepted recipients.</summary>
    internal List<EnvelopeEntry> Recipients { get; } = new(1);

    /// <summary>True while another recipient of any length fits.</summary>
    internal bool HasRoom => _bytes
        <= AddressLimits.MaxRecipientBytes - AddressLimits.MaxAddress - AddressLimits.MaxOriginalRecipient - AddressLimits.RecipientOverhead;

    /// <summary>The recipient that the directory is asked about.</summary>
    internal EnvelopeEntry Candidate { get; set; }

    /// <summary>True when some recipient was refused: "no valid recipients" is then the better answer to DATA.</summary>
    internal bool HasRefused { get; set; }

    /// <summary>The content; null until DATA or the first BDAT.</summary>
    internal MessageContent? Content { get; set; }

    /// <summary>Chunks so far.</summary>
    internal int Chunks { get; set; }

    /// <summary>Accepts a recipient.</summary>
    internal void Add(EnvelopeEntry recipient)
    {
        Recipients.Add(recipient);
        _bytes += recipient.Mailbox.Text.Length + recipient.Original.Length + AddressLimits.RecipientOverhead;
    }

    /// <summary>Hands the envelope in.</summary>
    /// <param name="submission">The message at the queue.</param>
    /// <param name="client">Who sends it.</param>
    /// <param name="header">The message's header, which may say that it can do without TLS; with REQUIRETLS it says nothing (RFC 8689 §4.1).</param>
    internal void SendEnvelope(Submission submission, IpAddress client, HeaderScanner header)
    {
        var isOptional = header.IsTlsOptional && (_handling & Handling.RequireTls) == 0;
        Span<byte> address = stackalloc byte[IpAddress.Size];
        client.CopyTo(address);
        submission.Send(new SenderFrame
        {
            Transaction = submission.Transaction,
            Address = Sender is null ? default : Sender.Text,
            EnvelopeId = _envelopeId,
            Return = _return,
            Body = _body,
            Handling = _handling | (isOptional ? Handling.TlsOptional : Handling.None),
            Protocol = Protocol,
            Release = Release,
            Client = address,
        });
        foreach (var recipient in Recipients)
        {
            submission.Send(new RecipientFrame
            {
                Transaction = submission.Transaction,
                Address = recipient.Mailbox.Text,
                Original = recipient.Original,
                Notify = (ushort)recipient.NotifyOn,
            });
        }
    }

    /// <summary>Drops the message: nothing of it stays anywhere.</summary>
    internal void Abandon() => Content?.Abandon();
}
