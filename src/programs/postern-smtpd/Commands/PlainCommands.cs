using Postern.Smtp;
using Postern.Smtpd.Sessions;
using Postern.Text;

namespace Postern.Smtpd.Commands;

/// <summary>The commands that have nothing to do with a message.</summary>
internal static class PlainCommands
{
    /// <summary>No verb of ours.</summary>
    internal static CommandOutcome Unknown(SmtpSession session, ReadOnlySpan<byte> argument) => Replies.UnknownCommand;

    /// <summary>The client speaks something else; see <see cref="Postern.Smtp.ForeignProtocol"/>.</summary>
    internal static CommandOutcome ForeignProtocol(SmtpSession session, ReadOnlySpan<byte> argument) =>
        new(Replies.ForeignProtocol, NextStep.Close);

    /// <summary>NOOP, with or without an argument (RFC 5321 §4.1.1.9).</summary>
    internal static CommandOutcome Noop(SmtpSession session, ReadOnlySpan<byte> argument) => Replies.Ok;

    /// <summary>HELP (RFC 5321 §4.1.1.8).</summary>
    internal static CommandOutcome Help(SmtpSession session, ReadOnlySpan<byte> argument) => Replies.Help;

    /// <summary>RSET (RFC 5321 §4.1.1.5).</summary>
    internal static CommandOutcome Reset(SmtpSession session, ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty) return Replies.BadArgument;
        session.EndTransaction();
        return Replies.Ok;
    }

    /// <summary>VRFY: one answer to all, since a better one serves those who collect addresses (RFC 5321 §7.3).</summary>
    internal static CommandOutcome Verify(SmtpSession session, ReadOnlySpan<byte> argument) =>
        argument.IsEmpty ? Replies.BadArgument
        // RFC 6531 §3.7.4.2: such an address needs the parameter, and whoever gives it gets the one answer as well.
        : !Ascii.IsAscii(argument) && !EndsWithSmtpUtf8(argument) ? Replies.NeedsSmtpUtf8
        : Replies.CannotVerify;

    /// <summary>EXPN (RFC 5321 §4.1.1.7).</summary>
    internal static CommandOutcome Expand(SmtpSession session, ReadOnlySpan<byte> argument) => Verify(session, argument);

    /// <summary>QUIT (RFC 5321 §4.1.1.10).</summary>
    internal static CommandOutcome Quit(SmtpSession session, ReadOnlySpan<byte> argument) =>
        argument.IsEmpty ? new CommandOutcome(Replies.Bye, NextStep.Close) : Replies.BadArgument;

    private static bool EndsWithSmtpUtf8(ReadOnlySpan<byte> argument)
    {
        var parameter = " SMTPUTF8"u8;
        return argument.Length > parameter.Length && Ascii.EqualsIgnoreCase(argument[^parameter.Length..], parameter);
    }
}
