using Postern.Smtp;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Commands;

/// <summary>STARTTLS (RFC 3207).</summary>
internal static class TlsCommands
{
    /// <summary>Begins TLS where it is on offer, between two messages, and once.</summary>
    internal static CommandOutcome StartTls(SmtpSession session, ReadOnlySpan<byte> argument) =>
        !session.Settings.OffersTls ? Replies.NotImplemented
        : !argument.IsEmpty ? Replies.BadArgument
        : session.Security is not null ? Replies.TlsActive
        : session.Phase != SessionPhase.Ready ? SessionReplies.OutOfPlace(CommandVerb.StartTls, session)
        : new CommandOutcome(null, NextStep.StartTls);
}
