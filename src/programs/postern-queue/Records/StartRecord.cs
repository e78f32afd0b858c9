using Postern.Ipc.Wire;

namespace Postern.Queue.Records;

/// <summary>Opens a run of the queue: its generation is the upper half of every id that the run issues.</summary>
/// <remarks>
/// It is on stable storage before the first id goes out, and larger than every generation in the log and than the wall
/// clock's seconds at the time, so that no id comes twice even when the newest part of the log was lost.
/// </remarks>
/// <param name="Generation">The generation.</param>
internal readonly record struct StartRecord(uint Generation)
{
    /// <summary>Not the start of a run but the end of one, over a record that can't be read: the next looks at all messages.</summary>
    internal static StartRecord Suspicion => default;

    internal void Write(in FrameWriter writer) => writer.UInt32(Generation);

    internal static bool TryRead(ReadOnlySpan<byte> payload, out StartRecord record)
    {
        var reader = new FrameReader(payload);
        record = new StartRecord(reader.UInt32());
        return reader.End();
    }
}
