using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>remote’s first slice frame.</summary>
public readonly record struct RemoteSlice : IFrame<RemoteSlice>
{
    public static ushort Type => 140;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>True: MX-resolved hops may lead to loopback, private and own addresses.</summary>
    public required bool AllowPrivate { get; init; }

    /// <summary>Connections at one time.</summary>
    public required uint MaxConnections { get; init; }

    /// <summary>How long an idle connection is kept for the next message.</summary>
    public required uint IdleSeconds { get; init; }

    /// <summary>The folder that it keeps what it learned in.</summary>
    public required string Folder { get; init; }

    /// <summary>The file of authorities that may vouch for servers.</summary>
    public required string Authorities { get; init; }

    /// <summary>How long mail waits for the TLS of a destination that had it before.</summary>
    public required uint TlsHoldSeconds { get; init; }

    /// <summary>True when a message that says so may go without TLS where a policy asks for it.</summary>
    public required bool FollowsTlsOptional { get; init; }

    /// <summary>True when a route leads to a Unix socket.</summary>
    public required bool HasLocalSockets { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.Flag(AllowPrivate);
        writer.UInt32(MaxConnections);
        writer.UInt32(IdleSeconds);
        writer.Text(Folder);
        writer.Text(Authorities);
        writer.UInt32(TlsHoldSeconds);
        writer.Flag(FollowsTlsOptional);
        writer.Flag(HasLocalSockets);
    }

    public static bool TryRead(ref FrameReader reader, out RemoteSlice frame)
    {
        frame = new RemoteSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            AllowPrivate = reader.Flag(),
            MaxConnections = reader.UInt32(),
            IdleSeconds = reader.UInt32(),
            Folder = reader.Text(SupervisorSlice.MaxPath),
            Authorities = reader.Text(SliceLimits.MaxFile),
            TlsHoldSeconds = reader.UInt32(),
            FollowsTlsOptional = reader.Flag(),
            HasLocalSockets = reader.Flag(),
        };
        return reader.End();
    }
}
