using Postern.Fuzz.Oracles;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Queue.Table;
using Postern.Role.Logging;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Fuzz.Logs;

/// <summary>A queue's start: any records that the log gives back, right, strange or cut. What is refused leaves no trace; what was
/// taken is told by a checkpoint to the next start, which comes to the same. The input tells which records there are.</summary>
internal static class ReplayTarget
{
    private static readonly EventLoop s_loop = new(TimeProvider.System);

    private static readonly QueueSettings s_settings = new()
    {
        HostName = "mx.a.test",
        Folder = "/nowhere",
        MessageSize = 1 << 20,
        Backoff = new Backoff(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(5), TimeSpan.FromHours(4)),
        Attempts = (20, 200, 64),
        Routing = new Routing("a.test", "mx.a.test"),
    };

    internal static void Run(ReadOnlySpan<byte> input)
    {
        using var log = new QueueLog(new MemoryLog());
        var (core, notices) = Start(log);
        var replay = new Replay(core, notices);
        var reader = new InputReader(input);
        while (!reader.AtEnd)
        {
            byte[] payload = Record(ref reader, out var kind);
            if (reader.Below(8) == 7 && payload.Length > 0) payload = payload[..(payload.Length * reader.Byte() / 256)];
            Demand.Equal(LogResult.Success, log.Records.Append(kind, payload, out var position), "the log in memory");
            string before = Told(core);
            int strange = replay.Strange;
            replay.Record(kind, position, payload.Length, payload);
            if (replay.Strange > strange) Demand.Equal(before, Told(core), "a record that was refused changed the queue");
        }
        Demand.Equal(LogResult.Success, log.Records.Commit(), "the log in memory");
        string told = Told(core);
        Demand.Equal(told, FromCheckpoint(core, notices), "the queue of its checkpoint");
        _ = replay.Finish();
        Count(core);
    }

    private static (QueueCore Core, NoticeDesk Notices) Start(QueueLog log)
    {
        var core = new QueueCore(log, new EventLog("queue", s_loop, static _ => true), TimeProvider.System, s_settings) { Chance = static () => 0.5 };
        return (core, new NoticeDesk(core, s_loop));
    }

    private static byte[] Record(scoped ref InputReader reader, out RecordKind kind)
    {
        int what = reader.Below(6);
        kind = what switch { 0 or 1 or 2 => RecordKind.Envelope, 3 => RecordKind.Start, _ => RecordKind.Result };
        var output = new ByteQueue();
        var writer = FrameWriter.Fields(output);
        if (what <= 2) Envelope(ref reader, output, writer);
        else if (what == 3) new StartRecord(reader.UInt32()).Write(writer);
        else
        {
            new ResultRecord
            {
                Message = (ulong)reader.Below(4),
                Recipient = (uint)reader.Below(4),
                Standing = Standing(ref reader),
                Owes = reader.Flag(),
                Action = (NoticeAction)reader.Below(5),
                Status = reader.Byte(),
                Host = default,
                Text = reader.Text(),
            }.Write(writer);
        }
        return output.Span.ToArray();
    }

    private static void Envelope(scoped ref InputReader reader, ByteQueue output, in FrameWriter writer)
    {
        new EnvelopeHead
        {
            Message = (ulong)reader.Below(4),
            Cause = (EnvelopeCause)reader.Below(4),
            CauseMessage = (ulong)reader.Below(4),
            CauseDetail = (uint)reader.Below(4),
            Arrived = reader.Flag() ? 1_790_000_000 : unchecked((long)reader.UInt64()),
            Size = reader.Flag() ? reader.Byte() : unchecked((long)reader.UInt64()),
            Marks = reader.Byte(),
            Protocol = (MailProtocol)reader.Below(8),
            Return = (ReturnContent)reader.Below(3),
            Body = (BodyType)reader.Below(2),
            Handling = (Handling)reader.Below(DeliveryRequests.MaxHandling + 1),
            Client = default,
            Sender = reader.Text(),
            EnvelopeId = reader.Take(reader.Below(3)),
        }.Write(writer);
        var recipients = new ByteQueue();
        int count = reader.Below(4);
        for (int number = 0; number < count; number++)
        {
            new StoredRecipient { Address = reader.Text(), Original = default, Notify = reader.Byte(), Standing = Standing(ref reader) }
                .Write(FrameWriter.Fields(recipients));
        }
        uint[] cleared = [.. reader.Take(reader.Below(3)).ToArray().Select(number => (uint)number)];
        EnvelopeTail.Write(writer, cleared, [], count + (reader.Below(16) == 15 ? 1 : 0), recipients.Span);
    }

    private static RecipientStanding Standing(scoped ref InputReader reader) =>
        new((RecipientState)reader.Below(4), reader.Flag(), reader.Flag(), reader.Flag(), reader.Byte(), reader.UInt32());

    // Every message with its recipients and what is owed for them.
    private static string Told(QueueCore core)
    {
        List<string> lines = [];
        for (int message = 0; message < core.Table.Messages.Bound; message++)
        {
            var entry = core.Table.Messages[message];
            if (entry.Id == 0) continue;
            var recipients = Enumerable.Range(entry.FirstRecipient, entry.Recipients).Select(index => core.Table.Recipients[index])
                .Select(recipient => $"{recipient.Number} {recipient.Standing} {recipient.Notify}");
            lines.Add($"{entry.Id} {entry.Arrived} {entry.Marks} {entry.Open}: {string.Join("; ", recipients)}");
        }
        Count(core);
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static void Count(QueueCore core)
    {
        for (int message = 0; message < core.Table.Messages.Bound; message++)
        {
            var entry = core.Table.Messages[message];
            if (entry.Id == 0) continue;
            int open = Enumerable.Range(entry.FirstRecipient, entry.Recipients).Count(index => core.Table.Recipients[index].State != RecipientState.Done);
            Demand.Equal(open, entry.Open, $"the open recipients of {entry.Id}");
            Demand.Equal(message, core.Table.Find(entry.Id), "the message's place");
        }
    }

    private static string FromCheckpoint(QueueCore core, NoticeDesk notices)
    {
        var image = new MessageImage(core);
        var (piece, payload) = (new ByteQueue(), new ByteQueue());
        CheckpointPiece.Begin(piece, core.Generation);
        for (int message = 0; message < core.Table.Messages.Bound; message++)
        {
            if (core.Table.Messages[message].Id == 0) continue;
            Demand.That(image.TryWrite(message, null, payload), "a message that can't be told");
            var owed = notices.OwedOf(message).Select(item => ((uint)core.Table.Recipients[item.Recipient].Number, item)).ToList();
            CheckpointPiece.Add(piece, core.Table.Messages[message].Envelope, core.Table.Messages[message].FirstSection, payload.Span, owed);
            payload.Consume(payload.Length);
        }
        var (next, theirs) = Start(core.Log);
        Demand.That(CheckpointPiece.TryTake(piece.Span, next, theirs, out _), "a checkpoint of ours that is refused");
        return Told(next);
    }
}
