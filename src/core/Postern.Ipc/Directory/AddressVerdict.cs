namespace Postern.Ipc.Directory;

/// <summary>What the directory says of an address at RCPT.</summary>
public enum AddressVerdict
{
    /// <summary>Ours, and somebody gets it.</summary>
    Local = 0,

    /// <summary>Not our domain: for those who may relay.</summary>
    Foreign = 1,

    /// <summary>Our domain, but nobody: 550 5.1.1.</summary>
    Unknown = 2,

    /// <summary>Can't be told now: 451 4.3.0.</summary>
    Unavailable = 3,
}

/// <summary>Whose mailbox an address leads to.</summary>
public enum MailboxKind
{
    /// <summary>A folder below the root of the virtual mailboxes.</summary>
    Virtual = 0,

    /// <summary>A system user's Maildir.</summary>
    System = 1,

    /// <summary>The folder for postmaster's mail when nobody else was named.</summary>
    Postmaster = 2,
}

/// <summary>How the question after an address's meaning went.</summary>
public enum MeaningOutcome
{
    /// <summary>Mailboxes and targets were given.</summary>
    Found = 0,

    /// <summary>Nobody has this address: 5.1.1.</summary>
    Unknown = 1,

    /// <summary>Its aliases lead nowhere but back: 5.4.6.</summary>
    Loop = 2,

    /// <summary>Its aliases reach more addresses than is allowed: 5.4.6.</summary>
    TooMany = 3,

    /// <summary>Can't be told now.</summary>
    Unavailable = 4,

    /// <summary>An address literal, which names another host: 5.1.2.</summary>
    Literal = 5,
}
