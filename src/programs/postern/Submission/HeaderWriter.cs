using Postern.CommandLine.Server;
using Postern.Loop;
using Postern.Mail;

namespace Postern.CommandLine.Submission;

/// <summary>Writes the header that a local message gets: trace, what was missing (RFC 6409 §8), and what was there.</summary>
internal sealed class HeaderWriter(LocalMessage message, ServerSettings settings, MessageId id, DateTimeOffset now)
{
    /// <summary>Writes the header with the empty line.</summary>
    /// <param name="content">The message as it came, from its first byte.</param>
    /// <param name="header">What of it is header.</param>
    /// <param name="only">The recipient when there is exactly one.</param>
    /// <param name="output">Gets the header.</param>
    internal void Write(ReadOnlySpan<byte> content, HeaderBlock header, Mailbox? only, ByteQueue output)
    {
        var trace = new ReceivedField
        {
            Origin = new MessageOrigin(MailProtocol.Local, LocalUid: message.Uid),
            Host = settings.HostName,
            Id = id,
            OnlyRecipient = only,
            Time = now,
        };
        output.Advance(trace.Write(output.Reserve(ReceivedField.MaxLength)));
        if (!header.Has(content, "Date"u8))
        {
            output.Advance(OriginFields.WriteDate(now, output.Reserve(OriginFields.MaxLength)));
        }

        if (!header.Has(content, "Message-ID"u8))
        {
            output.Advance(OriginFields.WriteMessageId(id, now, settings.HostName, output.Reserve(OriginFields.MaxLength)));
        }

        if (!header.Has(content, "From"u8))
        {
            WriteFrom(output);
        }

        foreach (var field in header.Fields)
        {
            if (!message.ReadRecipients || !IsBlind(content, field))
            {
                output.Append(content.Slice(field.Start, field.Length));
            }
        }

        output.Append("\r\n"u8);
    }

    private static bool IsBlind(ReadOnlySpan<byte> content, HeaderBlock.Field field) =>
        HeaderBlock.IsNamed(content, field, "Bcc"u8) || HeaderBlock.IsNamed(content, field, "Resent-Bcc"u8);

    private void WriteFrom(ByteQueue output)
    {
        output.Append("From: "u8);
        DisplayName.Write(message.FullName, output);
        output.Append("<"u8);
        output.Append((message.Sender ?? message.Caller).Text);
        output.Append(">\r\n"u8);
    }
}
