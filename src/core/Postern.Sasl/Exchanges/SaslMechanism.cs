namespace Postern.Sasl;

/// <summary>The mechanisms, by their registered names.</summary>
public enum SaslMechanism : byte
{
    /// <summary>PLAIN: name and password as they are (RFC 4616).</summary>
    Plain = 1,

    /// <summary>LOGIN: the same in two steps, as old clients of Microsoft's have it.</summary>
    Login = 2,

    /// <summary>SCRAM-SHA-256: a proof of the password (RFC 7677).</summary>
    ScramSha256 = 3,

    /// <summary>SCRAM-SHA-256-PLUS: a proof that also covers the TLS connection (RFC 5802 §6).</summary>
    ScramSha256Plus = 4,

    /// <summary>EXTERNAL: the client's certificate (RFC 4422, appendix A).</summary>
    External = 5,

    /// <summary>OAUTHBEARER: a token (RFC 7628).</summary>
    OAuthBearer = 6,

    /// <summary>XOAUTH2: a token, as Google's and Microsoft's clients sent it before there was an RFC.</summary>
    XOAuth2 = 7,
}
