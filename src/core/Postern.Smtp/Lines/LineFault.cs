namespace Postern.Smtp;

/// <summary>What is wrong with the line discipline of bytes that a peer sent.</summary>
/// <remarks>
/// RFC 5321 §2.3.8 knows one line end, CRLF. Every laxer reading has been used to hide a second message inside the first
/// one (SMTP smuggling), because two servers on the way disagreed where a line, and with it the message, ends.
/// </remarks>
public enum LineFault : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A carriage return that no line feed follows.</summary>
    BareCarriageReturn,

    /// <summary>A line feed that no carriage return precedes.</summary>
    BareLineFeed,

    /// <summary>A zero byte: software written in C would read what comes before it and lose the rest.</summary>
    Nul,

    /// <summary>The limit was reached before the line's end.</summary>
    TooLong,
}
