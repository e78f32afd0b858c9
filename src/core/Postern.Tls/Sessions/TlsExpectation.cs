namespace Postern.Tls.Sessions;

/// <summary>By what a client knows the server.</summary>
public enum TlsAssurance
{
    /// <summary>By nothing: whoever only listens is kept out.</summary>
    None,

    /// <summary>By a name that an authority vouches for.</summary>
    Authority,

    /// <summary>By what is published of its certificate or key (DANE, RFC 7671).</summary>
    Association,
}

/// <summary>What is published of a server's certificate or key (TLSA, RFC 6698 §2.1).</summary>
/// <param name="Usage">2 (an authority of the server's own) or 3 (its own certificate or key); others are not for mail (RFC 7672 §3.1.3).</param>
/// <param name="Selector">0: the certificate, 1: its key.</param>
/// <param name="Matching">0: as it is, 1: SHA-256, 2: SHA-512.</param>
/// <param name="Data">What it has to be equal to.</param>
public sealed record TlsAssociation(byte Usage, byte Selector, byte Matching, byte[] Data)
{
    private const int Sha256Size = 32;
    private const int Sha512Size = 64;

    /// <summary>True when it is of a kind that says something of a mail server (RFC 7672 §3.1).</summary>
    public bool IsUsable => Usage is 2 or 3 && Selector is 0 or 1
        && Matching switch { 0 => Data.Length > 0, 1 => Data.Length == Sha256Size, 2 => Data.Length == Sha512Size, _ => false };
}

/// <summary>Whom a client expects at the other end.</summary>
public sealed record TlsExpectation
{
    /// <summary>The name that is told to the server (SNI), in ASCII; null tells none.</summary>
    public required string? ServerName { get; init; }

    /// <summary>
    /// For <see cref="TlsAssurance.Authority"/>, and for associations of usage 2: the certificate has to be for one of these names,
    /// in ASCII; one that begins with a dot means those below it.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>By what it is known.</summary>
    public TlsAssurance Assurance { get; init; }

    /// <summary>For <see cref="TlsAssurance.Association"/>: one of them has to fit.</summary>
    public IReadOnlyList<TlsAssociation> Associations { get; init; } = [];
}
