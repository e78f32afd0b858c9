namespace Postern.Smtpd.Sessions;

/// <summary>Where a session stands between two commands; flags, so that a command can name all that it is allowed in.</summary>
[Flags]
internal enum SessionPhase
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Before EHLO, HELO or LHLO.</summary>
    Greeted = 1,

    /// <summary>After it, without a transaction.</summary>
    Ready = 2,

    /// <summary>After MAIL, without an accepted recipient.</summary>
    Sender = 4,

    /// <summary>With a recipient.</summary>
    Recipients = 8,

    /// <summary>Between two chunks of content (RFC 3030 §2).</summary>
    Chunks = 16,

    /// <summary>Any.</summary>
    Any = Greeted | Ready | Sender | Recipients | Chunks,
}
