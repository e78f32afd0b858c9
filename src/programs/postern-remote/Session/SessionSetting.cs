using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Remote.Session;

/// <summary>What every session is given.</summary>
internal readonly record struct SessionSetting(EventLoop Loop, EventLog Log, byte[] HostName);
