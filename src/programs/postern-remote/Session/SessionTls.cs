using Postern.Tls.Sessions;

namespace Postern.Remote.Session;

/// <summary>How far a session came with TLS.</summary>
internal enum SessionTls
{
    /// <summary>Not to the point where TLS is asked for.</summary>
    NotReached,

    /// <summary>The server does not offer it, or refuses it for good.</summary>
    NotOffered,

    /// <summary>The server offers it, and refuses it for now.</summary>
    NotNow,

    /// <summary>The handshake failed.</summary>
    Broken,

    /// <summary>It stands, and the server is who was expected, if anybody was.</summary>
    Established,

    /// <inheritdoc cref="TlsVerdict.OtherName"/>
    OtherName,

    /// <inheritdoc cref="TlsVerdict.Expired"/>
    Expired,

    /// <inheritdoc cref="TlsVerdict.NotVouchedFor"/>
    NotVouchedFor,

    /// <inheritdoc cref="TlsVerdict.NotAssociated"/>
    NotAssociated,

    /// <inheritdoc cref="TlsVerdict.Unfit"/>
    Unfit,
}
