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
}
