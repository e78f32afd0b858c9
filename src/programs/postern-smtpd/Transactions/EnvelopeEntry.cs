using Postern.Mail;

namespace Postern.Smtpd.Transactions;

/// <summary>One recipient that RCPT named, with what the sender wants to hear of it.</summary>
/// <param name="Mailbox">The recipient.</param>
/// <param name="Original">ORCPT as given, or empty (RFC 3461 §4.2).</param>
/// <param name="NotifyOn">NOTIFY (RFC 3461 §4.1).</param>
internal readonly record struct EnvelopeEntry(Mailbox Mailbox, byte[] Original, NotifyOn NotifyOn);
