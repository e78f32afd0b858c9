using Postern.Ipc.Slices;

namespace Postern.Remote.Tests.Harness;

/// <summary>The first frame of a slice as remote may get it.</summary>
internal static class SampleHead
{
    internal static RemoteSlice Of(bool hasLocalSockets) => new()
    {
        HostName = "mail.example.org",
        AllowPrivate = false,
        MaxConnections = 100,
        IdleSeconds = 5,
        Folder = "/f",
        Authorities = "/a",
        TlsHoldSeconds = 60,
        FollowsTlsOptional = true,
        HasLocalSockets = hasLocalSockets,
    };
}
