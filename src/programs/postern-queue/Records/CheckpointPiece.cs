using Postern.Ipc.Notices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Queue.Notices;
using Postern.Spool;

namespace Postern.Queue.Records;

/// <summary>A piece of a checkpoint: some messages as they stand, each as its envelope record would be written now.</summary>
internal static class CheckpointPiece
{
    /// <summary>Begins a piece.</summary>
    internal static void Begin(ByteQueue piece, uint generation) => FrameWriter.Fields(piece).UInt32(generation);

    /// <summary>Bytes that <see cref="Add"/> adds.</summary>
    internal static int SizeOf(int payload, int owed) => 20 + (13 * owed) + payload;

    /// <summary>Adds a message.</summary>
    internal static void Add(ByteQueue piece, RecordPosition envelope, uint firstSection, ReadOnlySpan<byte> payload, IReadOnlyList<(uint Number, OwedNotice Owed)> owed)
    {
        var writer = FrameWriter.Fields(piece);
        writer.UInt64(envelope.Packed);
        writer.UInt32(firstSection);
        writer.UInt32((uint)owed.Count);
        foreach (var (number, item) in owed)
        {
            writer.UInt32(number);
            writer.Byte((byte)item.Action);
            writer.UInt64(item.Position.Packed);
        }

        writer.UInt32((uint)payload.Length);
        writer.Rest(payload);
    }

    /// <summary>Takes a piece into the table; false when it is not one.</summary>
    internal static bool TryTake(ReadOnlySpan<byte> piece, QueueCore core, NoticeDesk notices, out uint generation)
    {
        var reader = new FrameReader(piece);
        generation = reader.UInt32();
        while (reader.HasMore)
        {
            var position = RecordPosition.Unpack(reader.UInt64());
            var firstSection = reader.UInt32();
            var owed = new (uint Number, NoticeAction Action, RecordPosition Position)[reader.Count(AddressLimits.MaxRecipients)];
            for (var i = 0; i < owed.Length; i++)
            {
                owed[i] = (reader.UInt32(), (NoticeAction)reader.ByteUpTo((byte)NoticeAction.Expanded), RecordPosition.Unpack(reader.UInt64()));
            }

            var message = core.Admit(reader.Next(reader.Count(IRecordLog.MaxPayload)), position);
            if (message < 0)
            {
                return false;
            }

            core.Table.Messages[message].FirstSection = firstSection;
            foreach (var (number, action, at) in owed)
            {
                if (core.Table.FindRecipient(message, number) is >= 0 and var recipient)
                {
                    notices.Owe(message, recipient, action, at);
                }
            }
        }

        return reader.End();
    }
}
