namespace Postern.Smtp;

/// <summary>The commands that have a meaning here, by their verb.</summary>
public enum CommandVerb : byte
{
    /// <summary>No verb that we know: 500.</summary>
    Unknown,

    /// <summary>The first words of another protocol: the connection is closed, see <see cref="ForeignProtocol"/>.</summary>
    ForeignProtocol,

    /// <summary>Extended hello (RFC 5321 §4.1.1.1).</summary>
    Ehlo,

    /// <summary>Hello without extensions (RFC 5321 §4.1.1.1).</summary>
    Helo,

    /// <summary>The hello of LMTP (RFC 2033 §4.1).</summary>
    Lhlo,

    /// <summary>Starts a transaction (RFC 5321 §4.1.1.2).</summary>
    Mail,

    /// <summary>Adds a recipient (RFC 5321 §4.1.1.3).</summary>
    Rcpt,

    /// <summary>Announces content that ends with a dot (RFC 5321 §4.1.1.4).</summary>
    Data,

    /// <summary>Announces content by count (RFC 3030 §2).</summary>
    Bdat,

    /// <summary>Drops the transaction (RFC 5321 §4.1.1.5).</summary>
    Rset,

    /// <summary>Does nothing (RFC 5321 §4.1.1.9).</summary>
    Noop,

    /// <summary>Asks whether a mailbox exists (RFC 5321 §4.1.1.6).</summary>
    Vrfy,

    /// <summary>Asks who is on a list (RFC 5321 §4.1.1.7).</summary>
    Expn,

    /// <summary>Asks for help (RFC 5321 §4.1.1.8).</summary>
    Help,

    /// <summary>Ends the session (RFC 5321 §4.1.1.10).</summary>
    Quit,

    /// <summary>Asks for TLS (RFC 3207 §4).</summary>
    StartTls,

    /// <summary>Starts authentication (RFC 4954 §4).</summary>
    Auth,
}
