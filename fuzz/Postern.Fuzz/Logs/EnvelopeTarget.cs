using Postern.CommandLine.Offline;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Queue.Records;

namespace Postern.Fuzz.Logs;

/// <summary>The queue's records: written again as the same bytes, and read the same by the command line's own reader.</summary>
internal static class EnvelopeTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        Envelope(input);
        Result(input);
        if (!StartRecord.TryRead(input, out var start)) return;
        var output = new ByteQueue();
        start.Write(FrameWriter.Fields(output));
        Demand.Same(input, output.Span, "a start written again");
    }

    private static void Envelope(ReadOnlySpan<byte> input)
    {
        bool offline = StoredMessage.TryRead(input, out var stored);
        var head = EnvelopeHead.Open(input, out var tail, out var reader);
        var recipients = new ByteQueue();
        List<(string Address, bool IsOpen)> found = [];
        for (int number = 0; number < tail.Recipients && reader.HasMore; number++)
        {
            var recipient = StoredRecipient.Read(ref reader);
            recipient.Write(FrameWriter.Fields(recipients));
            found.Add((Demand.Latin(recipient.Address), recipient.Standing.State is RecipientState.Ready or RecipientState.Deferred));
        }
        if (!reader.End() || found.Count != tail.Recipients) return;
        Demand.That(offline, "an envelope that only the queue can read");
        Demand.Equal((head.Message, head.Size, head.Arrived, (int)head.Cause), (stored.Id.Value, stored.Size, stored.Arrived, (int)stored.Cause), "the message");
        Demand.Same(head.Sender, stored.Sender, "the sender");
        Demand.That(stored.Chunks.SequenceEqual(tail.Chunks), "other chunks");
        Demand.That(found.SequenceEqual(stored.Recipients.Zip(stored.Open, (address, open) => (Demand.Latin(address), open))), "other recipients");
        var output = new ByteQueue();
        var writer = FrameWriter.Fields(output);
        head.Write(writer);
        EnvelopeTail.Write(writer, tail.Cleared, [.. tail.Chunks], tail.Recipients, recipients.Span);
        Demand.Same(input, output.Span, "an envelope written again");
    }

    private static void Result(ReadOnlySpan<byte> input)
    {
        bool offline = StoredMessage.TryReadResult(input, out ulong message, out uint number, out bool open);
        if (!ResultRecord.TryRead(input, out var result)) return;
        Demand.That(offline, "a result that only the queue can read");
        Demand.Equal((result.Message, result.Recipient, result.Standing.State is RecipientState.Ready or RecipientState.Deferred), (message, number, open), "the result");
        var output = new ByteQueue();
        result.Write(FrameWriter.Fields(output));
        Demand.Same(input, output.Span, "a result written again");
    }
}
