using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Remote.Attempts;

/// <summary>One recipient of an attempt and, in the end, its result.</summary>
internal sealed class OutboundRecipient
{
    private readonly byte[] _original;

    internal OutboundRecipient(scoped in DeliveryRecipientFrame frame)
    {
        Number = frame.Recipient;
        Mailbox = Mailbox.TryParse(frame.Address, allowUtf8: true, out var mailbox) ? mailbox : null;
        _original = frame.Original.ToArray();
        var notify = unchecked((NotifyOn)(byte)frame.Notify);
        NotifyOn = DeliveryRequests.IsValid(notify) ? notify : NotifyOn.Unspecified;
    }

    /// <summary>Its number within the message.</summary>
    internal uint Number { get; }

    /// <summary>The address; null when it is none.</summary>
    internal Mailbox? Mailbox { get; }

    /// <summary>NOTIFY.</summary>
    internal NotifyOn NotifyOn { get; }

    /// <summary>ORCPT, or empty.</summary>
    internal ReadOnlySpan<byte> Original => _original;

    /// <summary>What became of it; null while that is open.</summary>
    internal DeliveryResult? Result { get; private set; }

    /// <summary>Says what became of it, unless that was said before: the first word on a recipient is the one that counts.</summary>
    internal void Settle(DeliveryResult result) => Result ??= result;
}
