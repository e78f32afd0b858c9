namespace Postern.Tls.Sessions;

/// <summary>What a client found out about who the server is.</summary>
public enum TlsVerdict
{
    /// <summary>It is who was expected.</summary>
    Known,

    /// <summary>Nothing was expected, so nothing was looked at.</summary>
    NotAsked,

    /// <summary>The certificate is for other names.</summary>
    OtherName,

    /// <summary>The certificate, or one that vouches for it, is not valid yet or any more.</summary>
    Expired,

    /// <summary>Nobody who is trusted vouches for the certificate.</summary>
    NotVouchedFor,

    /// <summary>None of the published associations fits.</summary>
    NotAssociated,

    /// <summary>The certificate is unfit for another reason, or there is none.</summary>
    Unfit,
}
