using Postern.Loop;
using Postern.Role.Logging;
using Postern.Tls.Sessions;

namespace Postern.Remote.Session;

/// <summary>What every session is given.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Log">The log.</param>
/// <param name="HostName">What EHLO says.</param>
/// <param name="Tls">The client that there was at the beginning, to know the session by.</param>
/// <param name="Current">The one that there is now: a reload while a session is begun closes the one before.</param>
internal readonly record struct SessionSetting(EventLoop Loop, EventLog Log, byte[] HostName, TlsClient Tls, Func<TlsClient> Current)
{
    /// <summary>True when it is begun so that a message which requires TLS may go, if the server offers that.</summary>
    internal bool IsFitForRequireTls { get; init; }
}
