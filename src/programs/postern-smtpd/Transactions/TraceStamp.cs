using Postern.Mail;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Transactions;

/// <summary>Writes the trace line that goes on top of a message (RFC 5321 §4.4), and what a user's message lacks (RFC 6409 §8).</summary>
internal readonly struct TraceStamp(SmtpSession session, SmtpTransaction transaction)
{
    /// <summary>The most bytes that it writes: the line, and an empty one.</summary>
    internal const int MaxLength = ReceivedField.MaxLength + 2;

    /// <summary>The most bytes that <see cref="WriteMissing"/> writes.</summary>
    internal const int MaxMissing = OriginFields.MaxLength;

    /// <summary>Writes the line to the end of <paramref name="room"/>, right before the content.</summary>
    /// <param name="room">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="message">The queue's id for the message.</param>
    /// <param name="content">How the content begins.</param>
    /// <returns>How many bytes were written.</returns>
    internal int Write(Span<byte> room, ulong message, ReadOnlySpan<byte> content)
    {
        var field = new ReceivedField
        {
            Origin = new MessageOrigin(transaction.Protocol, session.Peer.Address, Encrypted: session.Security is not null, Authenticated: session.User is not null),
            Suite = session.Security?.Suite ?? default(ReadOnlyMemory<byte>),
            ClientName = session.Hello!.Name,
            HidesClient = session.User is not null && session.Settings.Sending.HidesClient,
            Host = session.Settings.Domain,
            Id = new MessageId(message),
            OnlyRecipient = transaction.Recipients.Count == 1 ? transaction.Recipients[0].Mailbox : null,
            Time = session.Now,
        };
        // Its length is known only afterwards, and it has to end where the content begins.
        Span<byte> line = stackalloc byte[MaxLength];
        var length = field.Write(line);
        if (LeadingFold.IsAt(content))
        {
            "\r\n"u8.CopyTo(line[length..]);
            length += 2;
        }

        line[..length].CopyTo(room[^length..]);
        return length;
    }

    /// <summary>Writes Date and Message-ID, as far as a header has none.</summary>
    /// <param name="header">The header, all of it.</param>
    /// <param name="message">The queue's id for the message.</param>
    /// <param name="room">At least <see cref="MaxMissing"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    internal int WriteMissing(HeaderScanner header, ulong message, Span<byte> room)
    {
        var length = header.HasDate ? 0 : OriginFields.WriteDate(session.Now, room);
        return header.HasMessageId ? length
            : length + OriginFields.WriteMessageId(new MessageId(message), session.Now, session.Settings.Domain, room[length..]);
    }
}
