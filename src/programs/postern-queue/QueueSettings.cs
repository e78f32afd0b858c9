using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Queue.Schedule;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>The queue's configuration: one immutable snapshot.</summary>
internal sealed record QueueSettings
{
    /// <summary>The name of this server.</summary>
    internal required string HostName { get; init; }

    /// <summary>The folder of the log.</summary>
    internal required string Folder { get; init; }

    /// <summary>How long a new segment of the log is, in bytes.</summary>
    internal int SegmentBytes { get; init; } = new LogOptions().SegmentBytes;

    /// <summary>The largest message in bytes.</summary>
    internal required long MessageSize { get; init; }

    /// <summary>When deferred recipients are tried again.</summary>
    internal required Backoff Backoff { get; init; }

    /// <summary>Attempts at one time: per destination, to other hosts, to local mailboxes.</summary>
    internal required (int PerDestination, int Remote, int Local) Attempts { get; init; }

    /// <summary>Where mail goes next.</summary>
    internal required Routing Routing { get; init; }

    /// <summary>Reads the slice; null when it is not one.</summary>
    internal static QueueSettings? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var reader) || type != QueueSlice.Type || !QueueSlice.TryRead(ref reader, out var head))
        {
            return null;
        }

        return Routing.Read(ref frames, head.HostName) is not { } routing ? null : new QueueSettings
        {
            HostName = head.HostName,
            Folder = head.Folder,
            SegmentBytes = (int)Math.Min(head.SegmentBytes, int.MaxValue),
            MessageSize = (long)Math.Min(head.MessageSize, long.MaxValue),
            Backoff = new Backoff(
                TimeSpan.FromSeconds(head.RetryFirstSeconds),
                TimeSpan.FromSeconds(head.RetryMaxSeconds),
                TimeSpan.FromSeconds(head.ExpireSeconds),
                TimeSpan.FromSeconds(head.WarnAfterSeconds)),
            Attempts = (Count(head.MaxPerDestination), Count(head.MaxRemote), Count(head.MaxLocal)),
            Routing = routing,
        };
    }

    private static int Count(uint number) => (int)Math.Min(number, int.MaxValue);
}
