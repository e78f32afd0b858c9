namespace Postern.Mail;

/// <summary>What a notification shall bring back of the message (RFC 3461 §4.3).</summary>
public enum ReturnContent : byte
{
    /// <summary>Nothing was asked; headers are returned.</summary>
    Unspecified,

    /// <summary>The whole message.</summary>
    Full,

    /// <summary>The headers.</summary>
    Headers,
}

/// <summary>What the sender says of the content (RFC 6152).</summary>
public enum BodyType : byte
{
    /// <summary>Nothing, or seven bits.</summary>
    SevenBit,

    /// <summary>Bytes above 0x7f may occur.</summary>
    EightBitMime,
}

/// <summary>How a message asks to be carried. The numbers are those of frames and of the queue's records, where 0 and 1 once were all.</summary>
/// <remarks>A message that requires TLS does not leave it open: both at once are no value (RFC 8689 §4.1).</remarks>
[Flags]
public enum Handling : byte
{
    /// <summary>As every message.</summary>
    None = 0,

    /// <summary>SMTPUTF8: addresses and headers may be UTF-8 (RFC 6531).</summary>
    SmtpUtf8 = 1,

    /// <summary>REQUIRETLS: within TLS, to servers that are known and ask the same of the next (RFC 8689 §2).</summary>
    RequireTls = 2,

    /// <summary>TLS-Required: No: even where a policy about TLS can't be met (RFC 8689 §3).</summary>
    TlsOptional = 4,
}

/// <summary>When the sender wants to hear of a recipient (RFC 3461 §4.1).</summary>
[Flags]
public enum NotifyOn : byte
{
    /// <summary>Nothing was asked: failures are told, and delays as we see fit.</summary>
    Unspecified = 0,

    /// <summary>Never; stands alone.</summary>
    Never = 1,

    /// <summary>When it was delivered.</summary>
    Success = 2,

    /// <summary>When it was given up.</summary>
    Failure = 4,

    /// <summary>When it takes long.</summary>
    Delay = 8,
}

/// <summary>What Postern itself knows of a recipient.</summary>
[Flags]
public enum RecipientFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An alias made this address, and it shall not be looked up among the aliases again.</summary>
    Final = 1,

    /// <summary>An alias or a list made this address.</summary>
    Expanded = 2,
}

/// <summary>Judges the numbers that stand for the types of this file in frames and records.</summary>
public static class DeliveryRequests
{
    private const NotifyOn AllConditions = NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay;

    /// <summary>True for a set of conditions that RFC 3461 §4.1 allows.</summary>
    public static bool IsValid(NotifyOn value) => value == NotifyOn.Never || (value & ~AllConditions) == 0;

    /// <summary>True for a named value.</summary>
    public static bool IsValid(ReturnContent value) => value <= ReturnContent.Headers;

    /// <summary>True for a named value.</summary>
    public static bool IsValid(BodyType value) => value <= BodyType.EightBitMime;

    /// <summary>True for named flags.</summary>
    public static bool IsValid(RecipientFlags value) => (value & ~(RecipientFlags.Final | RecipientFlags.Expanded)) == 0;

    /// <summary>The largest value of <see cref="Handling"/>.</summary>
    public const byte MaxHandling = (byte)(Handling.SmtpUtf8 | Handling.TlsOptional);

    /// <summary>True for a named value.</summary>
    public static bool IsValid(MailProtocol value) => value <= MailProtocol.Internal;
}
