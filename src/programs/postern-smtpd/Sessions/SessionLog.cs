using Postern.Mail;
using Postern.Role.Logging;
using Postern.Smtp;
using Postern.Smtpd.Transactions;

namespace Postern.Smtpd.Sessions;

/// <summary>What sessions tell the administrator: one line per event, peers' bytes quoted.</summary>
internal sealed class SessionLog(EventLog log)
{
    /// <summary>A message is on stable storage.</summary>
    internal void Accepted(SmtpSession session, MessageContent content)
    {
        var transaction = session.Transaction!;
        Begin(log.Info("accepted"), session.Peer)
            .Word("id", new MessageId(content.Message))
            .Quoted("from", transaction.Sender is { } sender ? sender.Text : default)
            .QuotedList("to", transaction.Recipients, static recipient => recipient.Mailbox.Text)
            .Number("rcpts", transaction.Recipients.Count)
            .Number("size", content.Size)
            .Quoted("helo", session.Hello!.Name)
            .Word("tls", session.Security?.Version ?? "-")
            .Quoted("user", session.User)
            .Write();
    }

    /// <summary>A recipient was refused.</summary>
    internal void RecipientRefused(SmtpSession session, SmtpReply reply)
    {
        var transaction = session.Transaction!;
        Begin(log.Info("recipient-refused"), session.Peer)
            .Quoted("from", transaction.Sender is { } sender ? sender.Text : default)
            .Quoted("to", transaction.Candidate.Mailbox.Text)
            .Quoted("reply", reply.ToString())
            .Write();
    }

    /// <summary>A message, its sender, or something else that is named, was refused.</summary>
    internal void Refused(SmtpSession session, string what, SmtpReply reply, Mailbox? sender = null) =>
        Begin(log.Info("refused"), session.Peer)
            .Word("what", what)
            .Quoted("reply", reply.ToString())
            .Quoted("from", sender is null ? default : sender.Text)
            .Quoted("user", session.User)
            .Write();

    /// <summary>A line did not end as it must.</summary>
    internal void LineFault(SmtpSession session, LineFault fault, bool isContent) =>
        Begin(log.Warning("line-fault"), session.Peer).Word("in", isContent ? "content" : "command").Word("fault", fault.ToString()).Write();

    /// <summary>We closed a session before the client did.</summary>
    internal void Closed(SmtpSession session, SmtpReply reply) =>
        Begin(log.Info("closed"), session.Peer).Quoted("reply", reply.ToString()).Write();

    /// <summary>A client got no session.</summary>
    internal void TurnedAway(SessionPeer peer, SmtpReply reply) =>
        Begin(log.Warning("turned-away"), peer).Quoted("reply", reply.ToString()).Write();

    /// <summary>A session of ours failed.</summary>
    internal void Crashed(SmtpSession session, Exception failure) =>
        Begin(log.Error("session-crashed"), session.Peer).Quoted("error", failure.ToString()).Write();

    private static LogLine Begin(LogLine line, SessionPeer peer) => line.Word("client", peer.Address.ToString());
}
