using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Text;

namespace Postern.Fuzz.Addresses;

/// <summary>The trace fields that we write: whatever a client calls itself, they stay one field each.</summary>
internal static class TraceTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        var protocol = (MailProtocol)reader.Below((int)MailProtocol.Internal + 1);
        int flags = reader.Byte();
        var time = DateTimeOffset.FromUnixTimeSeconds(reader.UInt32());
        var client = IpAddress.FromBytes(BitConverter.GetBytes(reader.UInt32()));
        byte[] name = reader.Text().ToArray();
        _ = Mailbox.TryParse(reader.Text(), allowUtf8: true, out var recipient);
        _ = DomainName.TryParse("mx.a.test"u8, out var host);
        var field = new ReceivedField
        {
            Origin = new MessageOrigin(protocol, client, LocalUid: 7, Encrypted: (flags & 1) != 0, Authenticated: (flags & 2) != 0),
            ClientName = name,
            HidesClient = (flags & 4) != 0,
            Host = host!,
            Id = new MessageId((ulong)flags),
            OnlyRecipient = recipient,
            Time = time,
        };
        byte[] output = new byte[ReceivedField.MaxLength];
        string written = Demand.Latin(output.AsSpan(0, field.Write(output)));
        IsOneField(written, "Received: ");
        Demand.That(written.EndsWith($"; {Rfc5322Date.ToString(time)}\r\n", StringComparison.Ordinal), "no date at the end");
        Demand.That((flags & 4) == 0 || written.StartsWith("Received: by mx.a.test", StringComparison.Ordinal), "a client that was to be hidden");
        Demand.Equal(1, written.Split("by mx.a.test").Length - 1, "the places that name the host");
        Demand.That(Ascii.IsAscii(output) || protocol is MailProtocol.Utf8Smtp or MailProtocol.Utf8Lmtp, "a field beyond ASCII");
        byte[] fields = new byte[TraceFields.MaxLength];
        IsOneField(Demand.Latin(fields.AsSpan(0, TraceFields.WriteReturnPath(recipient, fields))), "Return-Path: <");
        if (recipient is not null) IsOneField(Demand.Latin(fields.AsSpan(0, TraceFields.WriteDeliveredTo(recipient, fields))), "Delivered-To: ");
    }

    private static void IsOneField(string written, string start)
    {
        Demand.That(written.StartsWith(start, StringComparison.Ordinal) && written.EndsWith("\r\n", StringComparison.Ordinal), "no field");
        foreach (string line in written[..^2].Split("\r\n").Skip(1)) Demand.That(line.StartsWith('\t'), "a line that begins another field");
        string inside = written.Replace("\r\n", "", StringComparison.Ordinal);
        Demand.That(!inside.Any(value => (value < ' ' && value != '\t') || value == '\x7f'), "a control character");
        if (start == "Received: ")
        {
            string outside = inside.Contains("for <", StringComparison.Ordinal) ? inside[..inside.IndexOf("for <", StringComparison.Ordinal)] : inside;
            Demand.Equal(outside.Count(value => value == '('), outside.Count(value => value == ')'), "the ends of comments");
        }
    }
}
