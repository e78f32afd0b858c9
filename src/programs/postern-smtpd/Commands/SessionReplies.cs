using System.Text;
using Postern.Ipc.Submission;
using Postern.Mail;
using Postern.Smtp;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Commands;

/// <summary>Replies that depend on where a session stands or on what the queue says.</summary>
internal static class SessionReplies
{
    /// <summary>An administrator empties the queue: nothing new for now.</summary>
    internal static SmtpReply Draining { get; } = Of(451, EnhancedStatus.NotAccepting, "Not taking mail now, try again later");

    /// <summary>Something of ours broke in this session.</summary>
    internal static SmtpReply Crashed { get; } = Of(421, EnhancedStatus.SystemFailure, "Local error, closing connection");

    /// <summary>The reply to a command that may not come in this phase (RFC 5321 §4.1.4).</summary>
    internal static SmtpReply OutOfPlace(CommandVerb verb, SmtpSession session) => session.Phase switch
    {
        SessionPhase.Greeted => Replies.HelloFirst,
        SessionPhase.Chunks => Replies.BadSequence,
        _ when verb is CommandVerb.Mail or CommandVerb.StartTls or CommandVerb.Auth => Replies.NestedMail,
        SessionPhase.Sender when session.Transaction!.HasRefused =>
            session.Peer.IsLmtp ? Replies.NoValidLmtpRecipients : Replies.NoValidRecipients,
        SessionPhase.Sender => Replies.RecipientFirst,
        _ => Replies.MailFirst,
    };

    /// <summary>The reply to the end of a message that was handed in.</summary>
    internal static SmtpReply Of(SubmissionOutcome outcome, ulong message)
    {
        if (outcome == SubmissionOutcome.Committed)
        {
            Span<byte> id = stackalloc byte[MessageId.TextLength];
            new MessageId(message).Write(id);
            return Replies.Queued(id);
        }

        return outcome switch
        {
            SubmissionOutcome.Full => Replies.StorageFull,
            SubmissionOutcome.Draining => Draining,
            SubmissionOutcome.TooLarge => Replies.TooBig,
            _ => Replies.LocalError,
        };
    }

    private static SmtpReply Of(int code, EnhancedStatus status, string text) =>
        SmtpReply.Line(code, status, Encoding.ASCII.GetBytes(text));
}
