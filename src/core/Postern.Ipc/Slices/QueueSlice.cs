using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>queue’s first slice frame.</summary>
public readonly record struct QueueSlice : IFrame<QueueSlice>
{
    public static ushort Type => 130;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>The folder of the log.</summary>
    public required string Folder { get; init; }

    /// <summary>The largest message in bytes.</summary>
    public required ulong MessageSize { get; init; }

    /// <summary>The first wait before a retry.</summary>
    public required uint RetryFirstSeconds { get; init; }

    /// <summary>The longest wait.</summary>
    public required uint RetryMaxSeconds { get; init; }

    /// <summary>How long a message lives.</summary>
    public required uint ExpireSeconds { get; init; }

    /// <summary>When the sender is told of a delay; 0 never.</summary>
    public required uint WarnAfterSeconds { get; init; }

    /// <summary>Attempts at one time to one destination at most.</summary>
    public required uint MaxPerDestination { get; init; }

    /// <summary>Attempts at one time to other hosts.</summary>
    public required uint MaxRemote { get; init; }

    /// <summary>Attempts at one time to local mailboxes.</summary>
    public required uint MaxLocal { get; init; }

    /// <summary>How long a new segment of the log is. Not for administrators: tests that want many segments ask for short ones.</summary>
    public required uint SegmentBytes { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.Text(Folder);
        writer.UInt64(MessageSize);
        writer.UInt32(RetryFirstSeconds);
        writer.UInt32(RetryMaxSeconds);
        writer.UInt32(ExpireSeconds);
        writer.UInt32(WarnAfterSeconds);
        writer.UInt32(MaxPerDestination);
        writer.UInt32(MaxRemote);
        writer.UInt32(MaxLocal);
        writer.UInt32(SegmentBytes);
    }

    public static bool TryRead(ref FrameReader reader, out QueueSlice frame)
    {
        frame = new QueueSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            Folder = reader.Text(SupervisorSlice.MaxPath),
            MessageSize = reader.UInt64(),
            RetryFirstSeconds = reader.UInt32(),
            RetryMaxSeconds = reader.UInt32(),
            ExpireSeconds = reader.UInt32(),
            WarnAfterSeconds = reader.UInt32(),
            MaxPerDestination = reader.UInt32(),
            MaxRemote = reader.UInt32(),
            MaxLocal = reader.UInt32(),
            SegmentBytes = reader.UInt32(),
        };
        return reader.End();
    }
}
