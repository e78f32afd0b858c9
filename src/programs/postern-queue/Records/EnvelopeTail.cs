using System.Runtime.InteropServices;
using Postern.Ipc.Wire;
using Postern.Spool;

namespace Postern.Queue.Records;

/// <summary>The part of an envelope record behind its head: what it clears, where its content is, who gets it.</summary>
internal readonly struct EnvelopeTail
{
    /// <summary>Content records of one message: 2 GiB in pieces of 64 KiB, and room for smaller ones.</summary>
    internal const int MaxChunks = 64 * 1024;

    /// <summary>The most content that so many chunks hold.</summary>
    internal const long MaxSize = (long)MaxChunks * FrameLimits.MaxContent;

    /// <summary>Room in a record for what is neither a recipient nor the place of a piece; in a piece of a checkpoint, too.</summary>
    private const int OtherBytes = 8 * 1024;

    /// <summary>True when an envelope with so much in it fits one record.</summary>
    /// <param name="chunks">Its pieces of content.</param>
    /// <param name="recipientBytes">Its recipients, with <see cref="AddressLimits.RecipientOverhead"/> for each.</param>
    internal static bool Fits(int chunks, long recipientBytes) =>
        chunks <= MaxChunks && (sizeof(ulong) * (long)chunks) + recipientBytes <= IRecordLog.MaxPayload - OtherBytes;

    /// <summary>The numbers of the recipients whose owed notification this message is.</summary>
    internal uint[] Cleared { get; private init; }

    /// <summary>Where the content is, in order.</summary>
    internal RecordPosition[] Chunks { get; private init; }

    /// <summary>How many recipients there are.</summary>
    internal int Recipients { get; private init; }

    /// <summary>Writes the part; the recipients are encoded already.</summary>
    internal static void Write(
        in FrameWriter writer, ReadOnlySpan<uint> cleared, List<RecordPosition> chunks, int recipients, ReadOnlySpan<byte> encoded)
    {
        writer.UInt32((uint)cleared.Length);
        foreach (var number in cleared)
        {
            writer.UInt32(number);
        }

        writer.UInt32((uint)chunks.Count);
        foreach (var chunk in CollectionsMarshal.AsSpan(chunks))
        {
            writer.UInt32(chunk.Section);
            writer.UInt32(chunk.Place);
        }

        writer.UInt32((uint)recipients);
        writer.Rest(encoded);
    }

    /// <summary>Reads what comes before the recipients.</summary>
    internal static EnvelopeTail Read(ref FrameReader reader)
    {
        uint[] cleared = reader.Count(ushort.MaxValue) is > 0 and var count ? new uint[count] : [];
        for (var i = 0; i < cleared.Length; i++)
        {
            cleared[i] = reader.UInt32();
        }

        var chunks = new RecordPosition[reader.Count(MaxChunks)];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new RecordPosition(reader.UInt32(), reader.UInt32());
        }

        return new EnvelopeTail { Cleared = cleared, Chunks = chunks, Recipients = reader.Count(AddressLimits.MaxRecipients) };
    }
}
