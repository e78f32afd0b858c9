using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Attempts;
using Postern.Smtp;

namespace Postern.Remote.Session;

/// <content>The envelope: MAIL, RCPT, DATA (RFC 5321 §3.3), in groups where the server takes them (RFC 2920).</content>
internal sealed partial class SmtpClientSession
{
    /// <summary>
    /// Commands sent before their replies are read: the replies to so many fit any socket buffer, so that the two sides can't
    /// wait for each other (RFC 2920 §3.1).
    /// </summary>
    private const int MaxGroup = 100;

    /// <summary>Does one transaction. Every recipient of it has a result then, unless <see cref="Failure"/> is set.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask TransactAsync(SmtpTransaction transaction)
    {
        _transaction = transaction;
        if (Prepare(transaction))
        {
            _messages++;
            await ExchangeEnvelopeAsync(transaction);
            if (Failure is null && HasMore())
            {
                Odd("more replies than commands");
            }

            // Until the counts of commands and replies are seen to agree, an answer may be another recipient's (I5): then
            // nobody gets it. Without groups each answer has its command for certain, and after 421 there is no more to come.
            if (Failure is null || !Pipelines || _hasRefused)
            {
                transaction.Confirm();
            }

            if (Failure is null && transaction.DataBegun)
            {
                await SendContentAsync(transaction);
            }

            if (Failure is null && transaction.NeedsReset)
            {
                await ResetAsync();
            }
        }

        if (Failure is null)
        {
            // By here everybody has a result; should a path above forget somebody, the runner must not ask for ever.
            transaction.Settle(OutboundDelivery.InternalError);
        }

        if (_incoming.Length > 0 && Failure is null)
        {
            _setting.Log.Warning("peer-odd").Quoted("host", _target.Text).Word("what", "reply-without-command").Write();
        }

        _transaction = null;
    }

    /// <summary>Settles what can't be said to this server; false when nobody is left.</summary>
    private bool Prepare(SmtpTransaction transaction)
    {
        var delivery = transaction.Delivery;
        var misfit = !delivery.HasSender ? Never(EnhancedStatus.BadSenderSyntax, "the sender is not an address")
            : (delivery.SmtpUtf8 || delivery.Sender is { IsAscii: false }) && !(delivery.SmtpUtf8 && _offered.Offers(SmtpExtensions.SmtpUtf8))
                ? Never(EnhancedStatus.Utf8AddressRefused, $"the message needs SMTPUTF8, which {Host} does not offer")
            // Whatever led here: such a message is not said to a server that may pass it on in the clear.
            : delivery is { RequiresTls: true, Sender: not null } && !MeetsRequireTls
                ? Never(EnhancedStatus.RequireTlsNeeded, $"the message requires TLS, and {Host} does not offer REQUIRETLS")
            : delivery.Body == BodyType.EightBitMime && !_offered.Offers(SmtpExtensions.EightBitMime)
                ? Never(EnhancedStatus.ConversionNeeded, $"the message has 8-bit content, and {Host} does not offer 8BITMIME")
            : _offered.MaxSize is { } most && delivery.Size > (ulong)most
                ? Never(EnhancedStatus.MessageTooBig, $"the message is larger than {Host} takes")
            : null;
        if (misfit is not null)
        {
            transaction.Settle(misfit);
            return false;
        }

        var left = 0;
        foreach (var recipient in transaction.Recipients)
        {
            if (recipient.Mailbox is null)
            {
                recipient.Settle(Never(EnhancedStatus.BadMailboxSyntax, "the recipient is not an address"));
            }
            else if (!recipient.Mailbox.IsAscii && !delivery.SmtpUtf8)
            {
                recipient.Settle(Never(EnhancedStatus.Utf8AddressRefused, "the address needs SMTPUTF8"));
            }
            else
            {
                left++;
            }
        }

        return left > 0;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask ExchangeEnvelopeAsync(SmtpTransaction transaction)
    {
        var most = Pipelines ? MaxGroup : 1;
        if (!WriteMail(transaction.Delivery))
        {
            transaction.Settle(Never(EnhancedStatus.BadSenderSyntax, $"the sender can't be said to {Host}"));
            return;
        }

        var commands = 1;
        var read = 0;
        var mailRead = false;
        foreach (var recipient in transaction.Recipients)
        {
            if (commands == most)
            {
                if (!await SendAsync(SessionTimeouts.Command) || !await ReadRepliesAsync(transaction, mailRead, read))
                {
                    return;
                }

                mailRead = true;
                read = transaction.Asked.Count;
                commands = 0;
            }

            commands += WriteRecipient(transaction, recipient) ? 1 : 0;
        }

        if (!Pipelines)
        {
            if (commands > 0 && (!await SendAsync(SessionTimeouts.Command) || !await ReadRepliesAsync(transaction, mailRead, read)))
            {
                return;
            }

            if (transaction.Accepted.Count == 0)
            {
                return;
            }

            mailRead = true;
            read = transaction.Asked.Count;
        }

        _outgoing.Append(ClientCommand.Data);
        if (await SendAsync(SessionTimeouts.Command) && await ReadAllRepliesAsync(transaction, mailRead, read))
        {
            await BeginDataAsync(transaction);
        }
    }

    private bool WriteMail(OutboundDelivery delivery)
    {
        var mail = new MailRequest
        {
            Sender = delivery.Sender,
            Size = delivery.Size,
            Body = delivery.Body,
            SmtpUtf8 = delivery.SmtpUtf8,
            RequireTls = delivery.RequiresTls && _setting.IsFitForRequireTls && IsWithinTls,
            Return = delivery.Return,
            EnvelopeId = delivery.EnvelopeId,
        };
        var written = ClientCommand.TryWriteMail(mail, _offered.Extensions, _outgoing.Reserve(ClientCommand.MaxCommand), out var length);
        _outgoing.Advance(length);
        return written;
    }

    private bool WriteRecipient(SmtpTransaction transaction, OutboundRecipient recipient)
    {
        if (recipient.Result is not null)
        {
            return false;
        }

        var request = new RcptRequest { Recipient = recipient.Mailbox!, NotifyOn = recipient.NotifyOn, OriginalRecipient = recipient.Original };
        var output = _outgoing.Reserve(ClientCommand.MaxCommand);
        if (!ClientCommand.TryWriteRcpt(request, _offered.Extensions, transaction.Delivery.SmtpUtf8, output, out var length))
        {
            recipient.Settle(Never(EnhancedStatus.BadMailboxSyntax, $"the recipient can't be said to {Host}"));
            return false;
        }

        _outgoing.Advance(length);
        transaction.Asked.Add(recipient);
        return true;
    }

    /// <summary>Reads the replies to a group; false when no further command makes sense.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ReadRepliesAsync(SmtpTransaction transaction, bool mailRead, int read) =>
        await ReadAllRepliesAsync(transaction, mailRead, read) && transaction.MailAccepted;

    /// <summary>Reads the replies to MAIL, unless that was done, and to each RCPT from the given one on.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ReadAllRepliesAsync(SmtpTransaction transaction, bool mailRead, int read)
    {
        if (!mailRead && (!await ReadReplyAsync(SessionTimeouts.Command) || !TakeMailReply(transaction)))
        {
            return false;
        }

        for (; read < transaction.Asked.Count; read++)
        {
            if (!await ReadReplyAsync(SessionTimeouts.Command) || !TakeRecipientReply(transaction, transaction.Asked[read]))
            {
                return false;
            }
        }

        return true;
    }

    private bool TakeMailReply(SmtpTransaction transaction)
    {
        if (_reader.Code / 100 == 3)
        {
            return Odd("unexpected reply to MAIL");
        }

        transaction.MailAccepted = _reader.Code / 100 == 2;
        if (!transaction.MailAccepted)
        {
            transaction.Answer(transaction.Recipients, ResultOfReply(DeliveryOutcome.Temporary, FaultOf.Peer));
        }

        return true;
    }

    private bool TakeRecipientReply(SmtpTransaction transaction, OutboundRecipient recipient)
    {
        if (_reader.Code / 100 == 3)
        {
            return Odd("unexpected reply to RCPT");
        }

        if (_reader.Code / 100 == 2)
        {
            if (transaction.MailAccepted)
            {
                transaction.Accepted.Add(recipient);
            }
        }
        else if (_reader.Code == 552 && (_reader.Status is null or { Subject: 5, Detail: 3 }))
        {
            // RFC 5321 §4.5.3.1.10: old servers say 552 where they mean "too many recipients", and that passes.
            transaction.Answer([recipient], ResultOfReply(DeliveryOutcome.Temporary, EnhancedStatus.TooManyRecipients, FaultOf.Peer));
        }
        else
        {
            transaction.Answer([recipient], ResultOfReply(DeliveryOutcome.Temporary, FaultOf.Peer));
        }

        return true;
    }

    /// <summary>Reads the reply to DATA. Only 354 makes content go out; a success here is a lie about what was never sent (I3).</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask BeginDataAsync(SmtpTransaction transaction)
    {
        if (!await ReadReplyAsync(SessionTimeouts.DataStart))
        {
            return;
        }

        if (_reader.Code / 100 == 3)
        {
            transaction.DataBegun = true;
        }
        else if (_reader.Code / 100 == 2)
        {
            Odd("success before the content was sent");
        }
        else
        {
            transaction.Answer(transaction.Accepted, ResultOfReply(DeliveryOutcome.Temporary, FaultOf.Peer));
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask ResetAsync()
    {
        _outgoing.Append(ClientCommand.Reset);
        var answered = await SendAsync(SessionTimeouts.Command) && await ReadReplyAsync(SessionTimeouts.Command);
        if (answered && _reader.Code / 100 != 2)
        {
            Odd("unexpected reply to RSET");
        }
    }
}
