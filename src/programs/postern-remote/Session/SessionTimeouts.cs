namespace Postern.Remote.Session;

/// <summary>How long a server may take; the minimums of RFC 5321 §4.5.3.2 but for connecting, about which it says nothing.</summary>
internal static class SessionTimeouts
{
    /// <summary>Until a connection stands. Five SYNs of Linux; a host that needs longer is as good as away.</summary>
    internal static readonly TimeSpan Connect = TimeSpan.FromSeconds(30);

    /// <summary>For the first 220 (§4.5.3.2.1).</summary>
    internal static readonly TimeSpan Banner = TimeSpan.FromMinutes(5);

    /// <summary>For MAIL, RCPT and everything that has no time of its own (§4.5.3.2.2, §4.5.3.2.3).</summary>
    internal static readonly TimeSpan Command = TimeSpan.FromMinutes(5);

    /// <summary>For the handshake of TLS, about which no standard says anything: two or three exchanges, and some reckoning.</summary>
    internal static readonly TimeSpan Handshake = TimeSpan.FromMinutes(1);

    /// <summary>For the reply to DATA (§4.5.3.2.4).</summary>
    internal static readonly TimeSpan DataStart = TimeSpan.FromMinutes(2);

    /// <summary>For a piece of the content to be taken (§4.5.3.2.5).</summary>
    internal static readonly TimeSpan DataBlock = TimeSpan.FromMinutes(3);

    /// <summary>For the reply to the final dot (§4.5.3.2.6): cut it short and the server may deliver what we send again.</summary>
    internal static readonly TimeSpan DataEnd = TimeSpan.FromMinutes(10);
}
