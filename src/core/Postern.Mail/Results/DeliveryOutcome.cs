namespace Postern.Mail;

/// <summary>What became of an attempt to deliver to one recipient.</summary>
public enum DeliveryOutcome : byte
{
    /// <summary>In its mailbox, or taken by a server that will report further if asked to.</summary>
    Delivered,

    /// <summary>Not now; worth another attempt.</summary>
    Temporary,

    /// <summary>Never.</summary>
    Permanent,

    /// <summary>Taken by a server that does not report further (RFC 3461 §5.2.2).</summary>
    Relayed,

    /// <summary>Replaced by the addresses that it stands for.</summary>
    Expanded,
}

/// <summary>Whose fault a failed attempt was.</summary>
public enum FaultOf : byte
{
    /// <summary>Nobody's: it succeeded.</summary>
    None,

    /// <summary>The peer's: it answered, and its answer was no.</summary>
    Peer,

    /// <summary>The world's: the destination as such could not be reached, or something here was not to be had.</summary>
    World,
}
