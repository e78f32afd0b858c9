namespace Postern.Directory.Tables;

/// <summary>An own domain.</summary>
internal sealed class DomainEntry
{
    /// <summary>False for a domain that only appears in a mailbox of the tables.</summary>
    internal bool Own { get; set; }

    /// <summary>True when a route takes its mail elsewhere; its recipients are checked all the same.</summary>
    internal bool Relayed { get; set; }

    /// <summary>True when mailboxes are listed for it: then nobody else is taken.</summary>
    internal bool HasMailboxes { get; set; }
}
