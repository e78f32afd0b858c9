using System.Text;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Smtp;
using Postern.Spool;

namespace Postern.Micro;

/// <summary>The pure parts of the hot path, one row each.</summary>
internal static class PureParts
{
    private const SmtpExtensions All = (SmtpExtensions)0x3ff;
    private const int ContentSize = 64 * 1024;

    private static readonly byte[] _rcpt = "RCPT TO:<somebody@elsewhere.example> NOTIFY=FAILURE\r\n"u8.ToArray();
    private static readonly byte[] _mail = "MAIL FROM:<alice@example.org> SIZE=4096 BODY=8BITMIME\r\n"u8.ToArray();
    private static readonly byte[] _address = "somebody@elsewhere.example"u8.ToArray();
    private static readonly byte[] _replies = "250 2.1.0 Ok\r\n"u8.ToArray();
    private static readonly byte[] _text = Text();
    private static readonly byte[] _room = new byte[2 * ContentSize];

    internal static void Measure()
    {
        Console.WriteLine($"{"",-42}{"ns",10}{"GB/s",10}{"bytes",10}");
        Commands();
        Content();
        Records();
        Frames();
    }

    private static void Commands()
    {
        Meter.Row("frame and parse RCPT", 0, static () =>
        {
            _ = LineFramer.Find(_rcpt, LineFramer.MaxCommandLine, out var length, out _);
            _ = RcptCommand.TryParse(CommandLine.Parse(_rcpt.AsSpan(0, length - 2)).Argument, All, smtpUtf8: false, out _, out _);
        });
        Meter.Row("frame and parse MAIL", 0, static () =>
        {
            _ = LineFramer.Find(_mail, LineFramer.MaxCommandLine, out var length, out _);
            _ = MailCommand.TryParse(CommandLine.Parse(_mail.AsSpan(0, length - 2)).Argument, All, out _, out _);
        });
        Meter.Row("parse an address into a mailbox", 0, static () => _ = Mailbox.TryParse(_address, allowUtf8: false, out _));
        var reader = new ReplyReader();
        Meter.Row("read a reply", 0, () =>
        {
            reader.Begin(null);
            _ = reader.Read(_replies, out _);
        });
    }

    private static void Content()
    {
        var decoder = new DotDecoder();
        Meter.Row("decode DATA, 64 KiB", ContentSize, () => _ = decoder.Decode(_text, _room, out _, out _));
        var encoder = new DotEncoder();
        Meter.Row("encode DATA, 64 KiB", ContentSize, () => _ = encoder.Encode(_text, _room, out _, out _));
        var checker = new ContentChecker();
        Meter.Row("check a BDAT chunk, 64 KiB", ContentSize, () => _ = checker.Check(_text));
    }

    private static void Records()
    {
        var key = new SegmentKey(7, 0x0123456789abcdef);
        var header = new RecordHeader(RecordKind.Content, 1, 0, 0);
        Meter.Row("CRC-32C, 64 KiB", ContentSize, static () => _ = Checksum.Over(0, _text));
        Meter.Row("frame a record, 4 KiB", 4096, () => RecordHeader.Write(_room, key, 4096, header, _text.AsSpan(0, 4096)));
        Meter.Row("judge a record, 4 KiB", 4096, () =>
            _ = RecordHeader.TryRead(_room, key, 4096, out var found) && found.Covers(_room.AsSpan(RecordHeader.Size, found.Length), key, 4096));
    }

    private static void Frames()
    {
        var queue = new ByteQueue();
        Meter.Row("write and read a frame (recipient)", 0, () =>
        {
            var writer = new FrameWriter(queue, RecipientFrame.Type);
            new RecipientFrame { Transaction = 1, Address = _address, Original = default, Notify = 0 }.Write(writer);
            writer.End();
            var reader = new FrameReader(queue.Span[FrameLimits.HeaderSize..]);
            _ = RecipientFrame.TryRead(ref reader, out _);
            queue.Consume(queue.Length);
        });
        Meter.Row("write and read a frame (4 KiB content)", 4096, () =>
        {
            var writer = new FrameWriter(queue, ContentFrame.Type);
            new ContentFrame { Transaction = 1, Bytes = _text.AsSpan(0, 4096) }.Write(writer);
            writer.End();
            var reader = new FrameReader(queue.Span[FrameLimits.HeaderSize..]);
            _ = ContentFrame.TryRead(ref reader, out _);
            queue.Consume(queue.Length);
        });
    }

    private static byte[] Text()
    {
        var text = new StringBuilder();
        while (text.Length < ContentSize)
        {
            text.Append("0123456789 0123456789 0123456789 0123456789 0123456789 0123456\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, ContentSize));
    }
}
