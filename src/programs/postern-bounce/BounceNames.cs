using Postern.Mail;

namespace Postern.Bounce;

/// <summary>Who notifications come from.</summary>
/// <param name="Host">The name of this server.</param>
/// <param name="Postmaster">The address in their header.</param>
internal sealed record BounceNames(DomainName Host, Mailbox Postmaster);
