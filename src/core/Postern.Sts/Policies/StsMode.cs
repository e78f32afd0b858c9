namespace Postern.Sts;

/// <summary>What a domain wants done when a server of its mail fails its policy (RFC 8461 §5).</summary>
public enum StsMode
{
    /// <summary>As if there were no policy; the way to give one up (§8.3).</summary>
    None,

    /// <summary>Deliver all the same.</summary>
    Testing,

    /// <summary>Do not deliver to that server.</summary>
    Enforce,
}
