namespace Postern.Remote.Reports.Counts;

/// <summary>What a session was held to (RFC 8460 §4.4, policy-type).</summary>
internal enum PolicyType
{
    /// <summary>Nothing that the domain publishes.</summary>
    NoPolicyFound,

    /// <summary>TLSA records (DANE).</summary>
    Tlsa,

    /// <summary>A policy by MTA-STS.</summary>
    Sts,
}

/// <summary>Why a session was not protected as it had to be (RFC 8460 §4.3).</summary>
/// <remarks>"dane-required" has no place here: nothing in the configuration asks for TLSA records where there are none.</remarks>
internal enum FailureType
{
    /// <summary>The server does not offer STARTTLS, or refuses it.</summary>
    StartTlsNotSupported,

    /// <summary>The certificate is for other names.</summary>
    CertificateHostMismatch,

    /// <summary>The certificate is not valid now.</summary>
    CertificateExpired,

    /// <summary>Nobody who is trusted vouches for the certificate.</summary>
    CertificateNotTrusted,

    /// <summary>Anything else; says which by a reason.</summary>
    ValidationFailure,

    /// <summary>None of the TLSA records fits.</summary>
    TlsaInvalid,

    /// <summary>No name server could tell the TLSA records of a signed host.</summary>
    DnssecInvalid,

    /// <summary>The policy could not be got.</summary>
    StsPolicyFetchError,

    /// <summary>What was got is no policy.</summary>
    StsPolicyInvalid,

    /// <summary>The policy's web server could not show who it is.</summary>
    StsWebPkiInvalid,
}

/// <summary>The words that reports have for both.</summary>
internal static class ReportWords
{
    private static readonly string[] _policies = ["no-policy-found", "tlsa", "sts"];

    private static readonly string[] _failures =
    [
        "starttls-not-supported", "certificate-host-mismatch", "certificate-expired", "certificate-not-trusted", "validation-failure",
        "tlsa-invalid", "dnssec-invalid", "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid",
    ];

    /// <summary>The word of a kind of policy.</summary>
    internal static string Of(PolicyType type) => _policies[(int)type];

    /// <summary>The word of a failure.</summary>
    internal static string Of(FailureType type) => _failures[(int)type];

    /// <summary>The kind of policy of a word; null for any other word.</summary>
    internal static PolicyType? PolicyOf(string word) => Array.IndexOf(_policies, word) is >= 0 and var at ? (PolicyType)at : null;

    /// <summary>The failure of a word; null for any other word.</summary>
    internal static FailureType? FailureOf(string word) => Array.IndexOf(_failures, word) is >= 0 and var at ? (FailureType)at : null;
}
