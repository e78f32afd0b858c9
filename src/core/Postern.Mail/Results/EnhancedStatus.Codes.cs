namespace Postern.Mail;

/// <summary>The codes that Postern uses, under the names of the registry (RFC 5248).</summary>
public readonly partial record struct EnhancedStatus
{
    /// <summary>2.0.0</summary>
    public static EnhancedStatus Ok => new(2, 0, 0);

    /// <summary>2.1.0: the sender is taken.</summary>
    public static EnhancedStatus SenderOk => new(2, 1, 0);

    /// <summary>2.1.5: the recipient is taken.</summary>
    public static EnhancedStatus RecipientOk => new(2, 1, 5);

    /// <summary>2.6.0: the content is taken.</summary>
    public static EnhancedStatus ContentOk => new(2, 6, 0);

    /// <summary>5.0.0: for good, and no better code is known.</summary>
    public static EnhancedStatus PermanentFailure => new(5, 0, 0);

    /// <summary>4.0.0: for now, and no better code is known.</summary>
    public static EnhancedStatus TemporaryFailure => new(4, 0, 0);

    /// <summary>5.1.1: no such mailbox.</summary>
    public static EnhancedStatus BadMailbox => new(5, 1, 1);

    /// <summary>5.1.2: no such domain.</summary>
    public static EnhancedStatus BadDomain => new(5, 1, 2);

    /// <summary>5.1.3: a recipient's address that is none.</summary>
    public static EnhancedStatus BadMailboxSyntax => new(5, 1, 3);

    /// <summary>5.1.7: a sender's address that is none.</summary>
    public static EnhancedStatus BadSenderSyntax => new(5, 1, 7);

    /// <summary>5.1.8: the sender's domain can't be answered.</summary>
    public static EnhancedStatus BadSenderDomain => new(5, 1, 8);

    /// <summary>5.1.10: the domain says that it takes no mail (RFC 7505).</summary>
    public static EnhancedStatus NullMx => new(5, 1, 10);

    /// <summary>5.2.2: the mailbox is full.</summary>
    public static EnhancedStatus MailboxFull => new(5, 2, 2);

    /// <summary>4.3.0: something of ours is not as it should be.</summary>
    public static EnhancedStatus SystemFailure => new(4, 3, 0);

    /// <summary>4.3.1: no room.</summary>
    public static EnhancedStatus SystemFull => new(4, 3, 1);

    /// <summary>4.3.2: shutting down, or not taking mail now.</summary>
    public static EnhancedStatus NotAccepting => new(4, 3, 2);

    /// <summary>5.3.4: larger than the limit.</summary>
    public static EnhancedStatus MessageTooBig => new(5, 3, 4);

    /// <summary>4.4.1: no answer from the host.</summary>
    public static EnhancedStatus NoAnswer => new(4, 4, 1);

    /// <summary>4.4.2: the connection broke.</summary>
    public static EnhancedStatus BadConnection => new(4, 4, 2);

    /// <summary>4.4.3: the directory or the name server does not answer.</summary>
    public static EnhancedStatus DirectoryFailure => new(4, 4, 3);

    /// <summary>5.4.4: there is no way to the destination.</summary>
    public static EnhancedStatus Unroutable => new(5, 4, 4);

    /// <summary>5.4.6: a loop.</summary>
    public static EnhancedStatus RoutingLoop => new(5, 4, 6);

    /// <summary>4.4.7: tried for too long.</summary>
    public static EnhancedStatus DeliveryTimeExpired => new(4, 4, 7);

    /// <summary>5.5.0: not the protocol.</summary>
    public static EnhancedStatus ProtocolError => new(5, 5, 0);

    /// <summary>5.5.1: a command that is unknown, or not now.</summary>
    public static EnhancedStatus InvalidCommand => new(5, 5, 1);

    /// <summary>5.5.2: a line that can't be read.</summary>
    public static EnhancedStatus SyntaxError => new(5, 5, 2);

    /// <summary>4.5.3: more recipients than we take at once.</summary>
    public static EnhancedStatus TooManyRecipients => new(4, 5, 3);

    /// <summary>5.5.4: a parameter that is unknown or wrong.</summary>
    public static EnhancedStatus InvalidArguments => new(5, 5, 4);

    /// <summary>5.6.0: content that breaks the rules.</summary>
    public static EnhancedStatus BadContent => new(5, 6, 0);

    /// <summary>5.6.3: the next host can't take what it would have to be converted to.</summary>
    public static EnhancedStatus ConversionNeeded => new(5, 6, 3);

    /// <summary>5.6.7: an address that needs SMTPUTF8, or that SMTPUTF8 does not make one (RFC 6531 §3.5).</summary>
    public static EnhancedStatus Utf8AddressRefused => new(5, 6, 7);

    /// <summary>4.7.0: a limit or a suspicion, for now.</summary>
    public static EnhancedStatus TemporaryPolicy => new(4, 7, 0);

    /// <summary>5.7.0: a rule of this host.</summary>
    public static EnhancedStatus Policy => new(5, 7, 0);

    /// <summary>5.7.1: relaying, or this delivery, is not allowed.</summary>
    public static EnhancedStatus NotAuthorized => new(5, 7, 1);

    /// <summary>4.7.4: the other side lacks the protection that is demanded.</summary>
    public static EnhancedStatus SecurityLacking => new(4, 7, 4);

    /// <summary>4.7.5: the encryption that is demanded can't be had.</summary>
    public static EnhancedStatus CryptographicFailure => new(4, 7, 5);

    /// <summary>5.7.10: the message requires TLS, and it can't be had as it must be (RFC 8689 §4.2.1).</summary>
    public static EnhancedStatus EncryptionNeeded => new(5, 7, 10);

    /// <summary>5.7.30: the message requires TLS, and the next host would not require it of the one after (RFC 8689 §4.2.1).</summary>
    public static EnhancedStatus RequireTlsNeeded => new(5, 7, 30);

    /// <summary>5.7.8: wrong name or password.</summary>
    public static EnhancedStatus BadCredentials => new(5, 7, 8);
}
