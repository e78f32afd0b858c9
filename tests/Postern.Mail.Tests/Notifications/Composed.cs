using System.Buffers;
using System.Text;

namespace Postern.Mail.Tests.Notifications;

/// <summary>Composes a notification and takes it apart again, as a reader of MIME would.</summary>
internal sealed class Composed
{
    public const string Boundary = "postern-000102030405060708090a0b0c0d0e0f";

    public Composed(Notification notification)
    {
        byte[] seed = [.. Enumerable.Range(0, Notification.BoundarySeed).Select(value => (byte)value)];
        var output = new ArrayBufferWriter<byte>();
        Assert.True(notification.TryWrite(seed, output));
        Text = Encoding.UTF8.GetString(output.WrittenSpan);
        string[] pieces = ("\r\n" + Text).Split("\r\n--" + Boundary);
        Assert.Equal("--\r\n", pieces[^1]);
        Header = pieces[0][2..];
        Assert.EndsWith("\r\n", Header, StringComparison.Ordinal);
        Parts = [.. pieces.Skip(1).SkipLast(1)];
    }

    public string Text { get; }

    /// <summary>The header of the notification, without the empty line.</summary>
    public string Header { get; }

    /// <summary>Each part with its header, from the line end after the boundary on.</summary>
    public string[] Parts { get; }

    public string Human => Parts[0];

    public string Status => Parts[1];

    /// <summary>The groups of fields in the report.</summary>
    public string[] Groups => Status.Split("\r\n\r\n")[1..];

    /// <summary>The content of a part, without the header.</summary>
    public string ContentOf(int part) => Parts[part][(Parts[part].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public static Mailbox Address(string text) => Mailbox.TryParse(text, out var mailbox) ? mailbox : throw new ArgumentException(text);

    public static NotifiedRecipient Recipient(
        NotifiedAction action = NotifiedAction.Failed, string mailbox = "u@f.test", string text = "550 5.1.1 no such user",
        string host = "mx.f.test [192.0.2.1]", string original = "") => new()
        {
            Action = action,
            Mailbox = Address(mailbox),
            OriginalRecipient = Encoding.UTF8.GetBytes(original),
            Status = action switch
            {
                NotifiedAction.Failed => EnhancedStatus.BadMailbox,
                NotifiedAction.Delayed => EnhancedStatus.NoAnswer,
                _ => EnhancedStatus.Ok,
            },
            RemoteHost = Latin.Bytes(host),
            Text = Latin.Bytes(text),
            LastAttempt = new DateTimeOffset(2026, 11, 23, 21, 0, 0, TimeSpan.Zero),
            RetryUntil = action == NotifiedAction.Delayed ? new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero) : null,
        };

    public static Notification Of(params NotifiedRecipient[] recipients) => Of("", "", false, recipients);

    public static Notification Of(string original, string envelopeId, bool full, params NotifiedRecipient[] recipients) =>
        Of(original, envelopeId, full, "s@a.test", false, recipients);

    public static Notification Of(string original, string envelopeId, bool full, string to, bool smtpUtf8, params NotifiedRecipient[] recipients) => new()
    {
        ReportingHost = DomainName.TryParse("mx.a.test", out var host) ? host : throw new ArgumentException("host"),
        From = Address("postmaster@a.test"),
        To = Address(to),
        Id = new MessageId(2),
        Message = new MessageId(1),
        Date = new DateTimeOffset(2026, 11, 23, 22, 0, 0, TimeSpan.Zero),
        Arrived = new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero),
        EnvelopeId = Latin.Bytes(envelopeId),
        SmtpUtf8 = smtpUtf8,
        Recipients = recipients,
        Original = Encoding.UTF8.GetBytes(original),
        OriginalIsFull = full,
    };
}
