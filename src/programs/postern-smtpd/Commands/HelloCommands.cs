using Postern.Smtp;
using Postern.Smtpd.Sessions;
using Postern.Smtpd.Settings;

namespace Postern.Smtpd.Commands;

/// <summary>EHLO, HELO and LHLO: who the client says it is (RFC 5321 §4.1.1.1, RFC 2033 §4.1).</summary>
internal static class HelloCommands
{
    /// <summary>EHLO; an LMTP server must not take it (RFC 2033 §4.1).</summary>
    internal static CommandOutcome Ehlo(SmtpSession session, ReadOnlySpan<byte> argument) =>
        session.Peer.IsLmtp ? Replies.UnknownCommand : Greet(session, argument, isExtended: true);

    /// <summary>HELO; an LMTP server must not take it.</summary>
    internal static CommandOutcome Helo(SmtpSession session, ReadOnlySpan<byte> argument) =>
        session.Peer.IsLmtp ? Replies.UnknownCommand : Greet(session, argument, isExtended: false);

    /// <summary>LHLO, known to LMTP only.</summary>
    internal static CommandOutcome Lhlo(SmtpSession session, ReadOnlySpan<byte> argument) =>
        session.Peer.IsLmtp ? Greet(session, argument, isExtended: true) : Replies.UnknownCommand;

    private static CommandOutcome Greet(SmtpSession session, ReadOnlySpan<byte> argument, bool isExtended)
    {
        if (!HelloArgument.TryParse(argument, out var hello)) return Replies.BadHello;
        // RFC 5321 §4.1.4: the same as RSET.
        session.EndTransaction();
        var replies = session.Settings.Replies;
        var (known, reply) = !isExtended ? (SmtpExtensions.None, replies.Hello)
            // Who wants TLS to be required is told what is missing, not that nobody knows the word.
            : session.Security is null ? (StandingReplies.Secured, replies.ExtendedHello)
            : !session.Peer.IsSubmission ? (StandingReplies.Secured, replies.SecuredHello)
            : (replies.Submission.Extensions, replies.SubmissionHello(session.Security, session.Now));
        session.Hello = new ClientHello(hello.Name.ToArray(), isExtended, known);
        return reply;
    }
}
