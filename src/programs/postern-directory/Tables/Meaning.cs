using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.Directory.Tables;

/// <summary>Where mail for an address goes, all aliases followed.</summary>
/// <param name="Outcome">Whether anybody gets it.</param>
/// <param name="Mailbox">The mailbox, when the address is one.</param>
/// <param name="Targets">The addresses that an alias stands for; none of them is to be followed further.</param>
internal sealed record Meaning(MeaningOutcome Outcome, MailboxEntry? Mailbox, IReadOnlyList<Mailbox> Targets)
{
    /// <summary>True when one address became several (RFC 3461 §5.2.7.3).</summary>
    internal bool List => Targets.Count > 1;

    /// <summary>Nobody gets it, and why.</summary>
    internal static Meaning Of(MeaningOutcome outcome) => new(outcome, null, []);
}
