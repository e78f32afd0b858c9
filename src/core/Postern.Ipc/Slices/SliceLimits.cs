namespace Postern.Ipc.Slices;

/// <summary>How long the texts of a slice may be.</summary>
public static class SliceLimits
{
    /// <summary>A domain name (RFC 1035 §2.3.4).</summary>
    public const int MaxDomain = 255;

    /// <summary>A file's path. Arbitrary: a quarter of what the kernel takes (PATH_MAX).</summary>
    public const int MaxFile = 1024;

    /// <summary>The path of a Unix socket: 108 bytes with a NUL (unix(7)).</summary>
    public const int MaxSocket = 107;

    /// <summary>What a token has to say of itself; arbitrary.</summary>
    public const int MaxTokenText = 255;

    /// <summary>Certificates of a server: each name that a client sends is held against all of them.</summary>
    public const int MaxCertificates = 64;
}

/// <summary>What is spoken on a listening address.</summary>
public enum ServiceKind
{
    /// <summary>SMTP from other servers and trusted clients.</summary>
    Smtp = 0,

    /// <summary>Message submission with STARTTLS (RFC 6409).</summary>
    Submission = 1,

    /// <summary>Message submission over implicit TLS (RFC 8314).</summary>
    Submissions = 2,

    /// <summary>LMTP (RFC 2033).</summary>
    Lmtp = 3,
}
