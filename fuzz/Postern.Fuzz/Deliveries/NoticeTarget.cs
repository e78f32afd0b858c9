using System.Text;
using Postern.Bounce;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Notices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;

namespace Postern.Fuzz.Deliveries;

/// <summary>Delivery status notifications, of frames as the queue sends them: whatever a remote server said and whatever the sender
/// asked for, the notification has its three parts, its fields are ours, and no line of it is anything but a line.</summary>
internal static class NoticeTarget
{
    private static readonly DomainName s_host = DomainName.TryParse("mx.a.test"u8, out var host) ? host : throw new InvalidOperationException();

    private static readonly Mailbox s_postmaster = Mailbox.TryParse("postmaster@a.test"u8, allowUtf8: false, out var mailbox) ? mailbox : throw new InvalidOperationException();

    private static readonly string[] s_fields =
        ["Original-Recipient", "Final-Recipient", "Action", "Status", "Remote-MTA", "Diagnostic-Code", "Last-Attempt-Date", "Will-Retry-Until"];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        if (!TryBegin(ref reader, out var composition)) return;
        List<string> addresses = [];
        int recipients = 1 + reader.Below(3);
        for (int i = 0; i < recipients; i++) Add(composition, ref reader, addresses);
        // Content in the queue has true line ends; of a long one there is only the start.
        string original = Demand.Latin(reader.Rest()).Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        Demand.That(composition.TryAdd(Encoding.Latin1.GetBytes(original)), "content that is refused");
        string written = Demand.Latin(composition.Write(s_host, s_postmaster, new byte[Notification.BoundarySeed]));
        if (written.Length == 0) return;
        Judge(written, original, addresses);
    }

    private static bool TryBegin(ref InputReader reader, out Composition composition)
    {
        var output = new ByteQueue();
        new NoticeStartFrame
        {
            Notice = 1,
            Message = 2,
            Own = 3,
            To = reader.Text(),
            EnvelopeId = reader.Text(),
            Arrived = reader.UInt32(),
            Now = reader.UInt32(),
            Full = reader.Flag(),
            SmtpUtf8 = reader.Flag(),
        }.Write(FrameWriter.Fields(output));
        var frame = new FrameReader(output.Span);
        bool begun = NoticeStartFrame.TryRead(ref frame, out var start) & Composition.TryBegin(start, out var made);
        composition = made!;
        return begun && made is not null;
    }

    private static void Add(Composition composition, ref InputReader reader, List<string> addresses)
    {
        var output = new ByteQueue();
        new NoticeRecipientFrame
        {
            Notice = 1,
            Action = (NoticeAction)reader.Below(5),
            Address = reader.Text(),
            Original = reader.Text(),
            Status = reader.UInt32(),
            Host = reader.Text(),
            Text = reader.Text(),
            RetryUntil = reader.Flag() ? reader.UInt32() : 0,
        }.Write(FrameWriter.Fields(output));
        var frame = new FrameReader(output.Span);
        if (!NoticeRecipientFrame.TryRead(ref frame, out var recipient) || !composition.TryAdd(recipient)) return;
        Demand.That(Mailbox.TryParse(recipient.Address, allowUtf8: true, out var mailbox), "a recipient who is none");
        addresses.Add(Demand.Latin(mailbox!.Text));
    }

    private static void Judge(string written, string original, List<string> addresses)
    {
        Demand.That(written.Replace("\r\n", "", StringComparison.Ordinal).IndexOfAny(['\r', '\n', '\0']) < 0, "a line end that is none");
        string[] parts = ("\r\n" + written).Split("\r\n--postern-00000000000000000000000000000000");
        Demand.Equal(original.Length > 0 ? 5 : 4, parts.Length, "the pieces between the boundaries");
        Demand.Equal("--\r\n", parts[^1], "the end");
        foreach (string line in parts[0][2..].TrimEnd('\r', '\n').Split("\r\n"))
            Demand.That(line.StartsWith('\t') || line.Split(':')[0] is "From" or "To" or "Subject" or "Date" or "Message-ID" or "Auto-Submitted" or "MIME-Version"
                or "Content-Type" or "Content-Transfer-Encoding", $"a header field of somebody else: {line}");
        string[] groups = parts[2][(parts[2].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].TrimEnd('\r', '\n').Split("\r\n\r\n");
        Demand.Equal(addresses.Count, groups.Length - 1, "the recipients in the report");
        for (int i = 1; i < groups.Length; i++)
        {
            string[] fields = groups[i].Split("\r\n");
            Demand.That(fields.All(field => s_fields.Contains(field.Split(": ")[0])), $"a field of somebody else: {groups[i]}");
            Demand.Equal(addresses[i - 1], fields.Single(field => field.StartsWith("Final-Recipient: ", StringComparison.Ordinal)).Split("; ", 2)[1], "the recipient");
        }
        if (original.Length == 0) return;
        string content = parts[3][(parts[3].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] + "\r\n";
        Demand.That(content.StartsWith(original, StringComparison.Ordinal), "another message than the sender's");
    }
}
