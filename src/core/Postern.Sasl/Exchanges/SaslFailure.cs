namespace Postern.Sasl;

/// <summary>Why an exchange did not end with a login. For the log; the client learns <see cref="Malformed"/> from the others, and no more.</summary>
public enum SaslFailure : byte
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>The message is not what the mechanism has there.</summary>
    Malformed,

    /// <summary>No such account, the wrong password, or a proof or token that does not hold.</summary>
    Refused,

    /// <summary>The account may not act as the one that was asked for.</summary>
    NotAuthorized,

    /// <summary>The binding to the TLS connection is another one's: somebody stands between, or a proxy does.</summary>
    WrongBinding,
}
