namespace Postern.Ipc.Issuance;

/// <summary>What a request to a certificate authority is for: tls writes its content and signs no other (RFC 8555 §7); the numbers stand on
/// the wire.</summary>
public enum SignedPurpose
{
    /// <summary>None: no frame has it.</summary>
    None = 0,

    /// <summary>An account for our key, or the one that there is (§7.3).</summary>
    Account = 1,

    /// <summary>An order for the names of the configuration (§7.4).</summary>
    Order = 2,

    /// <summary>To read what there is at an address (§6.3).</summary>
    Read = 3,

    /// <summary>The authority may look at our answer to its challenge (§7.5.1).</summary>
    Challenge = 4,

    /// <summary>The request for the certificate, with a fresh key (§7.4).</summary>
    Finish = 5,
}
