namespace Postern.Smtpd.Tests.Sessions;

/// <summary>What a command does to a session.</summary>
internal enum CommandKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>EHLO, HELO, LHLO.</summary>
    Hello,

    /// <summary>Forgets the transaction.</summary>
    Reset,

    /// <summary>Begins one.</summary>
    Sender,

    /// <summary>Adds a recipient.</summary>
    Recipient,

    /// <summary>Brings content, after its reply.</summary>
    Data,

    /// <summary>Brings content with it.</summary>
    Chunk,

    /// <summary>Ends the session.</summary>
    Closing,
}

/// <summary>A command of the random sessions.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Usual">The answer to it in its place.</param>
/// <param name="Argument">The address that it names, or the bytes of its chunk.</param>
internal sealed record ModelCommand(string Name, CommandKind Kind, string Bytes, string Usual, string Argument = "")
{
    /// <summary>How often it comes, compared to the others.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The answer over LMTP, where it is another.</summary>
    public string? OverLmtp { get; init; }

    /// <summary>The answer to a client that may relay, where it is another.</summary>
    public string? ToFriend { get; init; }

    /// <summary>The answer to a client that said HELO, where it is another: extensions are not for it (RFC 5321 §2.2.1).</summary>
    public string? AfterHelo { get; init; }

    /// <summary>True for a command behind which the client has to wait (RFC 2920 §3.1).</summary>
    public bool EndsGroup => Name.Split('-')[0] is "EHLO" or "HELO" or "LHLO" or "DATA" or "STARTTLS" or "AUTH" or "QUIT";

    /// <summary>True for a command that brings no message nearer.</summary>
    public bool LeadsNowhere => Name.Split('-')[0] is "EHLO" or "HELO" or "LHLO" or "RSET" or "NOOP" or "VRFY" or "EXPN" or "HELP";

    /// <summary>The answer to it in its place.</summary>
    public string Answer(bool isTrusted, bool isLmtp, bool isExtended) =>
        isLmtp && OverLmtp is not null ? OverLmtp : isTrusted && !isLmtp && ToFriend is not null ? ToFriend : !isExtended && AfterHelo is not null ? AfterHelo : Usual;

    public override string ToString() => Name;
}
