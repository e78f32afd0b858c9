using Postern.Loop;
using Postern.Role.Logging;
using Postern.Tls.Sessions;

namespace Postern.Remote.Session;

/// <summary>What every session is given.</summary>
internal readonly record struct SessionSetting(EventLoop Loop, EventLog Log, byte[] HostName, TlsClient Tls);
