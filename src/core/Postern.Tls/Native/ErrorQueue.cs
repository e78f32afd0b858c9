using Postern.Tls.Sessions;

namespace Postern.Tls.Native;

/// <summary>Reads the errors that OpenSSL keeps for the thread's last call.</summary>
internal static class ErrorQueue
{
    // ERR_GET_LIB and ERR_GET_REASON as they are from 3.0 on.
    private const int LibraryShift = 23;
    private const nuint LibraryMask = 0xff;
    private const nuint ReasonMask = 0x7fffff;

    private const nuint LibrarySsl = 20;
    private const nuint UnexpectedEnd = 294;

    // A reason from here on is an alert that came from the peer (SSL_AD_REASON_OFFSET).
    private const nuint FirstAlert = 1000;

    /// <summary>True when the stream ended where it must not.</summary>
    internal static bool IsEndOfStream => Reason == UnexpectedEnd;

    private static nuint Reason
    {
        get
        {
            var error = CryptoCalls.FirstError();
            return ((error >> LibraryShift) & LibraryMask) == LibrarySsl ? error & ReasonMask : 0;
        }
    }

    /// <summary>What went wrong.</summary>
    internal static TlsFailure Take()
    {
        var reason = Reason;
        return new TlsFailure(reason is >= FirstAlert and < FirstAlert + 256 ? (byte)(reason - FirstAlert) : null, OpenSsl.Reason);
    }
}
