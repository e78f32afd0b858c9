namespace Postern.Mail;

/// <summary>What a status means to the person who wrote the message, and what to do about it.</summary>
internal static class StatusAdvice
{
    /// <summary>One or two sentences, or nothing when the code tells no more than the reply.</summary>
    public static ReadOnlySpan<byte> Of(EnhancedStatus status) => (status.Subject, status.Detail) switch
    {
        (1, 1) => "There is no such mailbox. Please check the spelling of the address."u8,
        (1, 2) => "There is no such domain. Please check the spelling of what follows the @."u8,
        (1, 3) => "This is not a valid address."u8,
        (1, 6) => "The recipient has moved and left no new address."u8,
        (1, 10) => "This domain does not take mail."u8,
        (2, 1) => "The mailbox is not in use."u8,
        (2, 2) => "The mailbox is full. Please try again when the recipient has made room."u8,
        (2, 3) or (3, 4) => "The message is too large for the recipient. Please send it in parts, or another way."u8,
        (4, 1) => "The receiving host did not answer."u8,
        (4, 2) => "The connection to the receiving host broke."u8,
        (4, 3) => "The name service did not answer."u8,
        (4, 4) => "No host was found that takes mail for this domain."u8,
        (4, 6) => "The message came back to a host where it had been before. The receiving side should look at its forwarding."u8,
        (4, 7) => "The message could not be handed over in the time that this server tries."u8,
        (6, 3) => "The next host can't take the characters that the message has."u8,
        (6, 7) => "The next host can't take an address in this script."u8,
        (7, 0) or (7, 1) => "The receiving host refused the message by a rule of its own."u8,
        (7, 10) => "The message asks to be sent within TLS to servers that are known, and this one could not be reached so. Nothing was sent."u8,
        (7, 30) => "The message asks to be sent within TLS all the way (REQUIRETLS), and the next host does not promise that. Nothing was sent."u8,
        (7, 5) => "The connection could not be encrypted as it has to be."u8,
        _ => default,
    };
}
