using Postern.Smtp;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Commands;

/// <summary>Every command in one place: when it may come, what is particular about it, who carries it out.</summary>
internal static class CommandTable
{
    private const SessionPhase InTransaction = SessionPhase.Sender | SessionPhase.Recipients;

    private static readonly CommandRule[] _rules = Build();

    /// <summary>The rule of a command.</summary>
    internal static CommandRule RuleOf(CommandVerb verb) => _rules[(int)verb];

    private static CommandRule[] Build()
    {
        var rules = new CommandRule[(int)CommandVerb.Auth + 1];
        void Add(CommandVerb verb, SessionPhase phases, CommandTraits traits, CommandHandler handler) =>
            rules[(int)verb] = new CommandRule(phases, traits, handler);

        Add(CommandVerb.Unknown, SessionPhase.Any, CommandTraits.None, PlainCommands.Unknown);
        Add(CommandVerb.ForeignProtocol, SessionPhase.Any, CommandTraits.None, PlainCommands.ForeignProtocol);
        Add(CommandVerb.Ehlo, SessionPhase.Any, CommandTraits.EndsGroup | CommandTraits.Harmless, HelloCommands.Ehlo);
        Add(CommandVerb.Helo, SessionPhase.Any, CommandTraits.EndsGroup | CommandTraits.Harmless, HelloCommands.Helo);
        Add(CommandVerb.Lhlo, SessionPhase.Any, CommandTraits.EndsGroup | CommandTraits.Harmless, HelloCommands.Lhlo);
        Add(CommandVerb.Mail, SessionPhase.Ready, CommandTraits.None, EnvelopeCommands.Mail);
        Add(CommandVerb.Rcpt, InTransaction, CommandTraits.None, EnvelopeCommands.Rcpt);
        Add(CommandVerb.Data, SessionPhase.Recipients, CommandTraits.EndsGroup, ContentCommands.Data);
        // A chunk has to be passed over in any phase, so its handler judges the phase.
        Add(CommandVerb.Bdat, SessionPhase.Any, CommandTraits.None, ContentCommands.Bdat);
        Add(CommandVerb.Rset, SessionPhase.Any, CommandTraits.Harmless, PlainCommands.Reset);
        Add(CommandVerb.Noop, SessionPhase.Any, CommandTraits.Harmless, PlainCommands.Noop);
        Add(CommandVerb.Vrfy, SessionPhase.Any, CommandTraits.Harmless, PlainCommands.Verify);
        Add(CommandVerb.Expn, SessionPhase.Any, CommandTraits.Harmless, PlainCommands.Expand);
        Add(CommandVerb.Help, SessionPhase.Any, CommandTraits.Harmless, PlainCommands.Help);
        Add(CommandVerb.Quit, SessionPhase.Any, CommandTraits.EndsGroup, PlainCommands.Quit);
        Add(CommandVerb.StartTls, SessionPhase.Any, CommandTraits.EndsGroup, TlsCommands.StartTls);
        Add(CommandVerb.Auth, SessionPhase.Any, CommandTraits.EndsGroup, AuthCommands.Auth);
        return rules;
    }
}
