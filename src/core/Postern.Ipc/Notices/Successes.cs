using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Ipc.Notices;

/// <summary>What a recipient who was served is to a sender who asked to hear of it.</summary>
public static class Successes
{
    /// <summary>
    /// What a notification says; null when the next server tells (RFC 3461 §5.2.1), which would otherwise be told twice. LMTP
    /// ends in a mailbox, so who takes it there without DSN has delivered.
    /// </summary>
    /// <param name="outcome">Delivered or relayed.</param>
    /// <param name="hop">Where.</param>
    public static NoticeAction? ActionOf(DeliveryOutcome outcome, HopKind hop) => (outcome, hop) switch
    {
        (_, HopKind.Local) or (DeliveryOutcome.Relayed, HopKind.LmtpHost or HopKind.LmtpSocket) => NoticeAction.Delivered,
        (DeliveryOutcome.Relayed, _) => NoticeAction.Relayed,
        _ => null,
    };
}
