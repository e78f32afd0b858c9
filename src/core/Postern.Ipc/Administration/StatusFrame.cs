using Postern.Ipc.Submission;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>queue → postern: the queue in numbers.</summary>
public readonly record struct StatusFrame : IFrame<StatusFrame>
{
    public static ushort Type => 81;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>Whether new messages are taken.</summary>
    public required QueueCondition Condition { get; init; }

    /// <summary>Messages in the queue.</summary>
    public required ulong Messages { get; init; }

    /// <summary>Recipients still to be served.</summary>
    public required ulong Recipients { get; init; }

    /// <summary>Of these, waiting for a retry.</summary>
    public required ulong Deferred { get; init; }

    /// <summary>Of these, held.</summary>
    public required ulong Held { get; init; }

    /// <summary>Attempts under way.</summary>
    public required ulong Active { get; init; }

    /// <summary>Messages accepted since the start.</summary>
    public required ulong Accepted { get; init; }

    /// <summary>Recipients delivered since the start.</summary>
    public required ulong Delivered { get; init; }

    /// <summary>Recipients given up since the start.</summary>
    public required ulong Failed { get; init; }

    /// <summary>Unix seconds of the oldest message, 0 when none.</summary>
    public required long OldestArrived { get; init; }

    /// <summary>Bytes of log on the disk.</summary>
    public required ulong LogBytes { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.Byte((byte)Condition);
        writer.UInt64(Messages);
        writer.UInt64(Recipients);
        writer.UInt64(Deferred);
        writer.UInt64(Held);
        writer.UInt64(Active);
        writer.UInt64(Accepted);
        writer.UInt64(Delivered);
        writer.UInt64(Failed);
        writer.Int64(OldestArrived);
        writer.UInt64(LogBytes);
    }

    public static bool TryRead(ref FrameReader reader, out StatusFrame frame)
    {
        frame = new StatusFrame
        {
            Request = reader.UInt32(),
            Condition = (QueueCondition)reader.ByteUpTo((byte)QueueCondition.Draining),
            Messages = reader.UInt64(),
            Recipients = reader.UInt64(),
            Deferred = reader.UInt64(),
            Held = reader.UInt64(),
            Active = reader.UInt64(),
            Accepted = reader.UInt64(),
            Delivered = reader.UInt64(),
            Failed = reader.UInt64(),
            OldestArrived = reader.Int64(),
            LogBytes = reader.UInt64(),
        };
        return reader.End();
    }
}
