namespace Postern.Ipc;

/// <summary>The programs that posternd starts; the numbers stand on the wire.</summary>
public enum ProgramName
{
    /// <summary>No program.</summary>
    None = 0,

    /// <summary>The supervisor itself.</summary>
    Posternd = 1,

    /// <summary>SMTP, submission and LMTP sessions.</summary>
    Smtpd = 2,

    /// <summary>What addresses mean.</summary>
    Directory = 3,

    /// <summary>The log and the schedule.</summary>
    Queue = 4,

    /// <summary>Delivery to other servers.</summary>
    Remote = 5,

    /// <summary>Local recipients.</summary>
    Local = 6,

    /// <summary>Maildirs of one user.</summary>
    Deliver = 7,

    /// <summary>Notifications.</summary>
    Bounce = 8,

    /// <summary>Private keys, and TLS with clients.</summary>
    Tls = 9,

    /// <summary>Who may log in.</summary>
    Auth = 10,

    /// <summary>Talks to a certificate authority.</summary>
    Acme = 11,
}
