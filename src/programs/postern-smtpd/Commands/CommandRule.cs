using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Commands;

/// <summary>Carries out a command: judges its argument, changes the session, returns the reply.</summary>
internal delegate CommandOutcome CommandHandler(SmtpSession session, ReadOnlySpan<byte> argument);

/// <summary>What holds for a command before its handler sees it.</summary>
/// <param name="AllowedIn">The phases that it may come in.</param>
/// <param name="Traits">What is particular about it.</param>
/// <param name="Handle">Its handler.</param>
internal sealed record CommandRule(SessionPhase AllowedIn, CommandTraits Traits, CommandHandler Handle);

/// <summary>What is particular about a command.</summary>
[Flags]
internal enum CommandTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The client has to wait for the reply before it sends more (RFC 2920 §3.1). Bytes behind it were written by
    /// someone who does not know what the reply will be: somebody else than the client, as a rule.</summary>
    EndsGroup = 1,

    /// <summary>Brings no message nearer: tolerated a number of times only.</summary>
    Harmless = 2,
}
