namespace Postern.Ipc.Wire;

/// <summary>How long addresses and what belongs to them may be in frames.</summary>
public static class AddressLimits
{
    /// <summary>A path is at most 256 octets with its brackets (RFC 5321 §4.5.3.1.3); UTF-8 local parts count octets, too.</summary>
    public const int MaxAddress = 320;

    /// <summary>ENVID: 100 characters before encoding (RFC 3461 §4.4), three octets each in xtext at worst.</summary>
    public const int MaxEnvelopeId = 300;

    /// <summary>ORCPT: 500 characters of xtext (RFC 3461 §4.2) after the address type.</summary>
    public const int MaxOriginalRecipient = 600;

    /// <summary>Recipients of one message, and targets of one alias. Arbitrary; a larger list belongs to a list server.</summary>
    public const int MaxRecipients = 10_000;

    /// <summary>Bytes that these may take, with <see cref="RecipientOverhead"/> for each: all of them stand in one record of the log.</summary>
    public const int MaxRecipientBytes = 900 * 1024;

    /// <summary>Bytes that a recipient takes besides its address and ORCPT, rounded up.</summary>
    public const int RecipientOverhead = 32;
}
