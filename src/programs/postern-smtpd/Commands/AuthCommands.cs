using Postern.Ipc.Logins;
using Postern.Smtp;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Commands;

/// <summary>AUTH (RFC 4954): whether a client may log in here and now. Which mechanisms there are, postern-auth knows.</summary>
internal static class AuthCommands
{
    /// <summary>Judges the command. Outside of TLS nothing of what comes with it is looked at.</summary>
    internal static CommandOutcome Auth(SmtpSession session, ReadOnlySpan<byte> argument)
    {
        if (!session.Peer.IsSubmission) return Replies.NotImplemented;
        if (session.Security is null) return Replies.AuthNeedsTls;
        if (session.User is not null) return Replies.AlreadyAuthenticated;
        if (session.Phase != SessionPhase.Ready) return SessionReplies.OutOfPlace(CommandVerb.Auth, session);
        if (argument.IsEmpty) return Replies.BadArgument;
        var end = argument.IndexOf((byte)' ');
        var mechanism = end < 0 ? argument : argument[..end];
        if (mechanism.Length is 0 or > LoginStartFrame.MaxMechanism) return Replies.AuthUnknownMechanism;
        // What comes later in the line is the client's first message.
        session.Attempt = new LoginAttempt(mechanism.ToArray(), end < 0 ? null : argument[(end + 1)..].ToArray());
        return new CommandOutcome(null, NextStep.LogIn);
    }
}
