using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Mail;
using Postern.Smtp;
using Postern.Smtpd.Sessions;
using Postern.Smtpd.Transactions;

namespace Postern.Smtpd.Commands;

/// <summary>MAIL and RCPT: who sends, who gets it (RFC 5321 §3.3).</summary>
internal static class EnvelopeCommands
{
    /// <summary>MAIL (RFC 5321 §4.1.1.2).</summary>
    internal static CommandOutcome Mail(SmtpSession session, ReadOnlySpan<byte> argument)
    {
        var hello = session.Hello!;
        if (!MailCommand.TryParse(argument, hello.Known, out var command, out var fault)) return Replies.For(fault);
        if (!session.Peer.MaySend && session.User is null) return session.Security is null ? Replies.TlsRequired : Replies.AuthRequired;
        if ((command.Handling & Handling.RequireTls) != 0 && session.Security is null) return Replies.EncryptionNeeded;
        var now = session.Now;
        var release = command.HoldUntil ?? now.AddSeconds(command.HoldFor ?? 0);
        if (release < now || release > now.AddSeconds(session.Settings.Replies.Submission.MaxHold)) return Replies.BadParameter;
        if (session.CountTransaction()) return new CommandOutcome(Replies.TooManyTransactions, NextStep.Close);
        // RFC 1870 §6.1: the declared size decides here, the true one later.
        if (command.Size > session.Settings.MessageSize) return Replies.TooBig;
        if (session.QueueCondition == QueueCondition.Full) return Replies.StorageFull;
        if (session.QueueCondition == QueueCondition.Draining) return SessionReplies.Draining;
        session.Transaction = new SmtpTransaction(command, ProtocolOf(session, hello, command.SmtpUtf8)) { Release = release > now ? (uint)release.ToUnixTimeSeconds() : 0 };
        // Notifications come from nobody; every other sender of who has logged in has to be his own.
        return session.User is null || session.Transaction.Sender is null ? Replies.SenderOk : new CommandOutcome(null, NextStep.AskSender);
    }

    /// <summary>RCPT (RFC 5321 §4.1.1.3): the syntax and the number; the directory knows the rest.</summary>
    internal static CommandOutcome Rcpt(SmtpSession session, ReadOnlySpan<byte> argument)
    {
        var transaction = session.Transaction!;
        if (!RcptCommand.TryParse(argument, session.Hello!.Known, transaction.IsUtf8, out var command, out var fault))
        {
            return Replies.For(fault);
        }

        // RFC 5321 §4.5.3.1.10: the client sends the rest in another transaction.
        if (transaction.Recipients.Count >= session.Settings.Recipients || !transaction.HasRoom) return Replies.TooManyRecipients;
        var original = command.OriginalRecipient.IsEmpty ? [] : command.OriginalRecipient.ToArray();
        transaction.Candidate = new EnvelopeEntry(MailboxOf(session, command.Recipient), original, command.NotifyOn);
        return new CommandOutcome(null, NextStep.AskDirectory);
    }

    /// <summary>Decides on the candidate by what the directory says of it.</summary>
    internal static SmtpReply Judge(SmtpSession session, AddressVerdict verdict) => verdict switch
    {
        AddressVerdict.Local => Accept(session.Transaction!),
        // To connect to whatever address a client names would open every service that this host can reach to it.
        AddressVerdict.Foreign when session.MayRelay && session.Transaction!.Candidate.Mailbox.HasLiteral =>
            Refuse(session.Transaction!, Replies.ForeignLiteral),
        AddressVerdict.Foreign when session.MayRelay => Accept(session.Transaction!),
        AddressVerdict.Foreign => Refuse(session.Transaction!, Replies.RelayDenied),
        AddressVerdict.Unknown => Refuse(session.Transaction!, Replies.NoSuchUser),
        _ => Refuse(session.Transaction!, Replies.LocalError),
    };

    /// <summary>Decides on the sender by what the directory says of it.</summary>
    internal static SmtpReply JudgeSender(SmtpSession session, AddressVerdict verdict)
    {
        if (verdict == AddressVerdict.Local) return Replies.SenderOk;
        session.EndTransaction();
        return verdict == AddressVerdict.Unavailable ? Replies.LocalError : Replies.SenderNotOwn;
    }

    /// <summary>Whom a path means. Of the address that the client is connected to, the postmaster is ours, and nobody else: whoever
    /// knows a host by its address only has no other way to write to it (RFC 5321 §4.1.3, §4.5.1).</summary>
    private static Mailbox MailboxOf(SmtpSession session, in ForwardPath path)
    {
        var mailbox = path.Resolve(session.Settings.Domain);
        return mailbox.IsPostmaster && mailbox.Domain.Literal == session.Peer.Own ? default(ForwardPath).Resolve(session.Settings.Domain) : mailbox;
    }

    private static SmtpReply Accept(SmtpTransaction transaction)
    {
        transaction.Add(transaction.Candidate);
        return Replies.RecipientOk;
    }

    private static SmtpReply Refuse(SmtpTransaction transaction, SmtpReply reply)
    {
        transaction.HasRefused = true;
        return reply;
    }

    private static MailProtocol ProtocolOf(SmtpSession session, ClientHello hello, bool isUtf8) =>
        session.Peer.IsLmtp ? (isUtf8 ? MailProtocol.Utf8Lmtp : MailProtocol.Lmtp)
        : isUtf8 ? MailProtocol.Utf8Smtp
        : hello.IsExtended ? MailProtocol.Esmtp
        : MailProtocol.Smtp;
}
