using Postern.Ipc.Logins;
using Postern.Smtp;
using Postern.Smtpd.Sessions;
using Postern.Text;

namespace Postern.Smtpd.Commands;

/// <summary>AUTH (RFC 4954): whether a client may log in here and now, and by which mechanism.</summary>
internal static class AuthCommands
{
    private static readonly (byte[] Name, LoginMechanism Mechanism)[] _mechanisms =
    [
        ("PLAIN"u8.ToArray(), LoginMechanism.Plain),
        ("LOGIN"u8.ToArray(), LoginMechanism.Login),
        ("SCRAM-SHA-256"u8.ToArray(), LoginMechanism.ScramSha256),
        ("SCRAM-SHA-256-PLUS"u8.ToArray(), LoginMechanism.ScramSha256Plus),
    ];

    /// <summary>Judges the command. Outside of TLS nothing of what comes with it is looked at.</summary>
    internal static CommandOutcome Auth(SmtpSession session, ReadOnlySpan<byte> argument)
    {
        if (!session.Peer.IsSubmission) return Replies.NotImplemented;
        if (session.Security is null) return Replies.AuthNeedsTls;
        if (session.User is not null) return Replies.AlreadyAuthenticated;
        if (session.Phase != SessionPhase.Ready) return SessionReplies.OutOfPlace(CommandVerb.Auth, session);
        var end = argument.IndexOf((byte)' ');
        var mechanism = MechanismOf(end < 0 ? argument : argument[..end]);
        if (mechanism == LoginMechanism.None) return argument.IsEmpty ? Replies.BadArgument : Replies.AuthUnknownMechanism;
        // What comes later in the line is the client's first message.
        session.Attempt = new LoginAttempt(mechanism, end < 0 ? null : argument[(end + 1)..].ToArray());
        return new CommandOutcome(null, NextStep.LogIn);
    }

    private static LoginMechanism MechanismOf(ReadOnlySpan<byte> name)
    {
        foreach (var (known, mechanism) in _mechanisms)
        {
            if (Ascii.EqualsIgnoreCase(name, known)) return mechanism;
        }

        return LoginMechanism.None;
    }
}
