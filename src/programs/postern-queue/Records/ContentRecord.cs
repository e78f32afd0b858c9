using Postern.Ipc.Wire;

namespace Postern.Queue.Records;

/// <summary>A piece of a message's content: the message's id and the bytes.</summary>
internal static class ContentRecord
{
    /// <summary>Bytes before the content.</summary>
    internal const int HeaderSize = 8;

    internal static void Write(in FrameWriter writer, ulong message, ReadOnlySpan<byte> content)
    {
        writer.UInt64(message);
        writer.Rest(content);
    }

    /// <summary>The content within a record's payload.</summary>
    internal static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> payload) => payload[HeaderSize..];
}
