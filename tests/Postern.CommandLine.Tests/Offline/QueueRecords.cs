using System.Text;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Spool;

namespace Postern.CommandLine.Tests.Offline;

/// <summary>Writes the records of a queue, field by field as docs/queue-format.md has them.</summary>
internal static class QueueRecords
{
    internal static RecordPosition Content(IRecordLog log, ulong message, string text)
    {
        var bytes = new ByteQueue();
        var writer = FrameWriter.Fields(bytes);
        writer.UInt64(message);
        writer.Rest(Encoding.ASCII.GetBytes(text));
        Assert.Equal(LogResult.Success, log.Append(RecordKind.Content, bytes.Span, out var position));
        return position;
    }

    internal static RecordPosition Envelope(IRecordLog log, ulong id, (byte Kind, ulong By) cause, RecordPosition[] chunks, long size, params string[] recipients)
    {
        Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, EnvelopeBytes(id, cause.Kind, cause.By, chunks, size, recipients), out var position));
        return position;
    }

    internal static void Result(IRecordLog log, ulong id, uint recipient, byte state) =>
        Assert.Equal(LogResult.Success, log.Append(RecordKind.Result, ResultBytes(id, recipient, state), out _));

    internal static byte[] EnvelopeBytes(ulong id, byte cause, ulong causedBy, RecordPosition[] chunks, long size, params string[] recipients)
    {
        var bytes = new ByteQueue();
        var writer = FrameWriter.Fields(bytes);
        writer.UInt64(id);
        writer.Byte(cause);
        writer.UInt64(causedBy);
        writer.UInt32(0);
        writer.Int64(1795464062);
        writer.Int64(size);
        writer.Rest([0, 2, 0, 0, 0]);
        writer.Bytes(default);
        writer.Bytes("ann@example.org"u8);
        writer.Bytes(default);
        writer.UInt32(0);
        writer.UInt32((uint)chunks.Length);
        foreach (var chunk in chunks)
        {
            writer.UInt32(chunk.Section);
            writer.UInt32(chunk.Place);
        }

        writer.UInt32((uint)recipients.Length);
        foreach (var recipient in recipients)
        {
            writer.Bytes(Encoding.ASCII.GetBytes(recipient));
            writer.Bytes(default);
            writer.UInt16(0);
            Standing(writer, 0);
        }

        return bytes.Span.ToArray();
    }

    internal static byte[] ResultBytes(ulong id, uint recipient, byte state)
    {
        var bytes = new ByteQueue();
        var writer = FrameWriter.Fields(bytes);
        writer.UInt64(id);
        writer.UInt32(recipient);
        Standing(writer, state);
        writer.Flag(false);
        writer.Byte(0);
        writer.UInt32(0);
        writer.Bytes(default);
        writer.Bytes("ok"u8);
        return bytes.Span.ToArray();
    }

    private static void Standing(in FrameWriter writer, byte state)
    {
        writer.Byte(state);
        writer.Rest([0, 0, 0]);
        writer.UInt16(0);
        writer.UInt32(0);
    }
}
