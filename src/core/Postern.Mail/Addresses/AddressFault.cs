namespace Postern.Mail;

/// <summary>What is wrong with an address or a path.</summary>
public enum AddressFault : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Not the grammar of RFC 5321 §4.1.2.</summary>
    BadSyntax,

    /// <summary>A local part that is empty, or has an empty atom, or a byte that it may not have.</summary>
    BadLocalPart,

    /// <summary>No "@" and domain.</summary>
    MissingDomain,

    /// <summary>What stands after the "@" is neither a domain nor an address literal.</summary>
    BadDomain,

    /// <summary>Beyond the limits of RFC 5321 §4.5.3.1.</summary>
    TooLong,

    /// <summary>A source route, "@a,@b:user@c". RFC 5321 §C allows to refuse it.</summary>
    SourceRoute,

    /// <summary>Characters beyond ASCII where SMTPUTF8 was not asked for.</summary>
    NeedsSmtpUtf8,

    /// <summary>Bytes that are no UTF-8, or characters that no address should have.</summary>
    BadUtf8,
}

/// <summary>The enhanced status that answers a bad address.</summary>
public static class AddressFaults
{
    /// <summary>The status for a fault (RFC 3463 §3.2, RFC 6531 §3.5).</summary>
    /// <param name="fault">Any but None.</param>
    /// <param name="ofSender">True for the sender's address, false for a recipient's.</param>
    public static EnhancedStatus StatusOf(AddressFault fault, bool ofSender) => fault switch
    {
        AddressFault.NeedsSmtpUtf8 or AddressFault.BadUtf8 => EnhancedStatus.Utf8AddressRefused,
        _ when ofSender => EnhancedStatus.BadSenderSyntax,
        _ => EnhancedStatus.BadMailboxSyntax,
    };
}
