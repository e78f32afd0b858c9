using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>smtpd’s first slice frame: its name and limits.</summary>
public readonly record struct SmtpdSlice : IFrame<SmtpdSlice>
{
    public static ushort Type => 110;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>The largest message in bytes.</summary>
    public required ulong MessageSize { get; init; }

    /// <summary>Recipients per message.</summary>
    public required uint Recipients { get; init; }

    /// <summary>Sessions at one time.</summary>
    public required uint Connections { get; init; }

    /// <summary>Sessions at one time from one address (/64 of IPv6).</summary>
    public required uint ConnectionsPerClient { get; init; }

    /// <summary>How long a client may take for a command or a piece of content.</summary>
    public required uint CommandSeconds { get; init; }

    /// <summary>How long a session may take in all.</summary>
    public required uint SessionSeconds { get; init; }

    /// <summary>True when TLS is on offer.</summary>
    public required bool OffersTls { get; init; }

    /// <summary>For how long a user may have a message held back; 0 is not at all.</summary>
    public required uint MaxHoldSeconds { get; init; }

    /// <summary>How users may log in, besides PLAIN and LOGIN.</summary>
    public required LoginWays Logins { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.UInt64(MessageSize);
        writer.UInt32(Recipients);
        writer.UInt32(Connections);
        writer.UInt32(ConnectionsPerClient);
        writer.UInt32(CommandSeconds);
        writer.UInt32(SessionSeconds);
        writer.Flag(OffersTls);
        writer.UInt32(MaxHoldSeconds);
        writer.Byte((byte)Logins);
    }

    public static bool TryRead(ref FrameReader reader, out SmtpdSlice frame)
    {
        frame = new SmtpdSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            MessageSize = reader.UInt64(),
            Recipients = reader.UInt32(),
            Connections = reader.UInt32(),
            ConnectionsPerClient = reader.UInt32(),
            CommandSeconds = reader.UInt32(),
            SessionSeconds = reader.UInt32(),
            OffersTls = reader.Flag(),
            MaxHoldSeconds = reader.UInt32(),
            Logins = (LoginWays)reader.ByteUpTo((byte)(LoginWays.Scram | LoginWays.Tokens)),
        };
        return reader.End();
    }
}
