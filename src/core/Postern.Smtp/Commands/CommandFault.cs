namespace Postern.Smtp;

/// <summary>What is wrong with the argument of a command; <see cref="Replies.For"/> has the reply to each.</summary>
public enum CommandFault : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The argument as a whole is not what the command takes: 501.</summary>
    Syntax,

    /// <summary>The sender's address is no path: 501 5.1.7.</summary>
    BadSender,

    /// <summary>The recipient's address is no path: 501 5.1.3.</summary>
    BadRecipient,

    /// <summary>An address outside ASCII without SMTPUTF8: 553 5.6.7 (RFC 6531 §3.5).</summary>
    NeedsSmtpUtf8,

    /// <summary>An address whose bytes are no UTF-8, or whose characters no address should have: 553 5.6.7.</summary>
    BadUtf8,

    /// <summary>A source route: 553 (RFC 5321 §C allows to refuse it; relays have been opened with it).</summary>
    SourceRoute,

    /// <summary>A parameter that no extension in force defines: 555 (RFC 5321 §4.1.1.11).</summary>
    UnknownParameter,

    /// <summary>A parameter with a value that it can't have, or twice: 501 5.5.4.</summary>
    BadParameter,
}
