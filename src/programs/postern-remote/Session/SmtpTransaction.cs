using Postern.Mail;
using Postern.Remote.Attempts;

namespace Postern.Remote.Session;

/// <summary>One mail transaction: a group of an attempt's recipients and what the server has said so far.</summary>
internal sealed class SmtpTransaction(OutboundDelivery delivery, List<OutboundRecipient> recipients)
{
    private List<(OutboundRecipient Recipient, DeliveryResult Result)>? _answers;

    /// <summary>The attempt.</summary>
    internal OutboundDelivery Delivery => delivery;

    /// <summary>Its recipients, in the order of their RCPT.</summary>
    internal List<OutboundRecipient> Recipients => recipients;

    /// <summary>Recipients whose RCPT was sent, in order: the n-th reply belongs to the n-th of them (I5).</summary>
    internal List<OutboundRecipient> Asked { get; } = new(recipients.Count);

    /// <summary>Recipients that the server took, in order: LMTP answers for each of them in the end (RFC 2033 §4.2).</summary>
    internal List<OutboundRecipient> Accepted { get; } = new(recipients.Count);

    /// <summary>True once the server took MAIL: what goes wrong from then on is about this message.</summary>
    internal bool MailAccepted { get; set; }

    /// <summary>True once the server waits for content.</summary>
    internal bool DataBegun { get; set; }

    /// <summary>True when the server still holds an open transaction that nobody will end.</summary>
    internal bool NeedsReset => MailAccepted && !DataBegun;

    /// <summary>Notes what the server said about recipients; it counts once it is confirmed.</summary>
    internal void Answer(List<OutboundRecipient> about, DeliveryResult result)
    {
        _answers ??= [];
        foreach (var recipient in about)
        {
            _answers.Add((recipient, result));
        }
    }

    /// <summary>Each answer is known to belong to its command.</summary>
    internal void Confirm()
    {
        _answers?.ForEach(static answer => answer.Recipient.Settle(answer.Result));
    }

    /// <summary>Gives this result to every recipient of the transaction that has none.</summary>
    internal void Settle(DeliveryResult result)
    {
        foreach (var recipient in recipients)
        {
            recipient.Settle(result);
        }
    }
}
