using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <summary>Writes the commands of our client (RFC 5321 §4.1.1).</summary>
/// <remarks>
/// What it writes came from strangers, by way of the queue. This is the last place where a line end in it could become a
/// command of the stranger's choice: addresses are mailboxes, which have none, and other words are looked at once more. A
/// writer refuses what can't stand in its command; the caller then gives the recipient up for good.
/// </remarks>
public static class ClientCommand
{
    /// <summary>Room for any command: what our own server reads.</summary>
    public const int MaxCommand = LineFramer.MaxCommandLine;

    /// <summary>The longest line that every server takes, line end included (RFC 5321 §4.5.3.1.4).</summary>
    private const int MaxLine = 512;

    /// <summary>DATA.</summary>
    public static ReadOnlySpan<byte> Data => "DATA\r\n"u8;

    /// <summary>RSET.</summary>
    public static ReadOnlySpan<byte> Reset => "RSET\r\n"u8;

    /// <summary>QUIT.</summary>
    public static ReadOnlySpan<byte> Quit => "QUIT\r\n"u8;

    /// <summary>NOOP.</summary>
    public static ReadOnlySpan<byte> Noop => "NOOP\r\n"u8;

    /// <summary>Ends an exchange of AUTH that has come to nothing (RFC 4954 §4).</summary>
    public static ReadOnlySpan<byte> Cancel => "*\r\n"u8;

    /// <summary>STARTTLS.</summary>
    public static ReadOnlySpan<byte> StartTls => "STARTTLS\r\n"u8;

    /// <summary>Writes EHLO, HELO or LHLO.</summary>
    /// <param name="verb">One of the three.</param>
    /// <param name="name">Our name.</param>
    /// <param name="output">At most <see cref="MaxCommand"/> bytes are needed.</param>
    /// <param name="written">Bytes in the output.</param>
    public static bool TryWriteHello(CommandVerb verb, ReadOnlySpan<byte> name, Span<byte> output, out int written)
    {
        var writer = new CommandWriter(output);
        writer.Literal(verb switch { CommandVerb.Lhlo => "LHLO "u8, CommandVerb.Helo => "HELO "u8, _ => "EHLO "u8 });
        writer.Word(name, allowEightBit: false);
        return writer.TryFinish(out written);
    }

    /// <summary>Writes MAIL with those parameters that the server understands.</summary>
    /// <param name="mail">What to say. Whether the message may go at all to a server without 8BITMIME or SMTPUTF8 is the
    /// caller's decision; a sender outside ASCII without SMTPUTF8 is refused here.</param>
    /// <param name="offered">The extensions that the server offers.</param>
    /// <param name="output">At most <see cref="MaxCommand"/> bytes are needed.</param>
    /// <param name="written">Bytes in the output; 0 when false.</param>
    /// <returns>False when a part can't stand in the command.</returns>
    public static bool TryWriteMail(in MailRequest mail, SmtpExtensions offered, Span<byte> output, out int written)
    {
        var writer = new CommandWriter(output);
        bool useUtf8 = mail.SmtpUtf8 && (offered & SmtpExtensions.SmtpUtf8) != 0;
        writer.Literal("MAIL FROM:"u8);
        writer.Path(mail.Sender, useUtf8);
        if (mail.Size > 0 && (offered & SmtpExtensions.Size) != 0)
        {
            writer.Literal(" SIZE="u8);
            writer.Number(mail.Size);
        }
        if (mail.Body == BodyType.EightBitMime && (offered & SmtpExtensions.EightBitMime) != 0) writer.Literal(" BODY=8BITMIME"u8);
        if (useUtf8) writer.Literal(" SMTPUTF8"u8);
        if (mail.RequireTls && (offered & SmtpExtensions.RequireTls) != 0) writer.Literal(" REQUIRETLS"u8);
        if ((offered & SmtpExtensions.Dsn) != 0)
        {
            if (mail.Return == ReturnContent.Full) writer.Literal(" RET=FULL"u8);
            if (mail.Return == ReturnContent.Headers) writer.Literal(" RET=HDRS"u8);
            if (!mail.EnvelopeId.IsEmpty)
            {
                writer.Literal(" ENVID="u8);
                writer.Word(mail.EnvelopeId, allowEightBit: false);
            }
        }
        return writer.TryFinish(out written);
    }

    /// <summary>Writes RCPT, with NOTIFY and ORCPT when the server understands them.</summary>
    /// <param name="rcpt">What to say.</param>
    /// <param name="offered">The extensions that the server offers.</param>
    /// <param name="smtpUtf8">True when MAIL was written with SMTPUTF8.</param>
    /// <param name="output">At most <see cref="MaxCommand"/> bytes are needed.</param>
    /// <param name="written">Bytes in the output; 0 when false.</param>
    /// <returns>False when a part can't stand in the command.</returns>
    public static bool TryWriteRcpt(in RcptRequest rcpt, SmtpExtensions offered, bool smtpUtf8, Span<byte> output, out int written)
    {
        var writer = new CommandWriter(output);
        bool useUtf8 = smtpUtf8 && (offered & SmtpExtensions.SmtpUtf8) != 0;
        writer.Literal("RCPT TO:"u8);
        writer.Path(rcpt.Recipient, useUtf8);
        if ((offered & SmtpExtensions.Dsn) != 0)
        {
            WriteNotify(ref writer, rcpt.NotifyOn);
            // An original recipient in UTF-8 can't be said to a server that does not take UTF-8; it is only information.
            if (!rcpt.OriginalRecipient.IsEmpty && (useUtf8 || Ascii.IsAscii(rcpt.OriginalRecipient)))
            {
                writer.Literal(" ORCPT="u8);
                writer.Word(rcpt.OriginalRecipient, useUtf8);
            }
        }
        return writer.TryFinish(out written);
    }

    /// <summary>Writes BDAT; that many bytes of content follow at once (RFC 3030 §2).</summary>
    /// <param name="size">The bytes that follow.</param>
    /// <param name="isLast">True for the chunk that completes the message.</param>
    /// <param name="output">At most <see cref="MaxCommand"/> bytes are needed.</param>
    /// <param name="written">Bytes in the output.</param>
    public static bool TryWriteBdat(ulong size, bool isLast, Span<byte> output, out int written)
    {
        var writer = new CommandWriter(output);
        writer.Literal("BDAT "u8);
        writer.Number(size);
        if (isLast) writer.Literal(" LAST"u8);
        return writer.TryFinish(out written);
    }

    /// <summary>Writes AUTH; with what the client says first when that fits into a line (RFC 4954 §4).</summary>
    /// <param name="mechanism">Its name.</param>
    /// <param name="initial">What the client says first; empty where the server does.</param>
    /// <param name="output">At most <see cref="MaxCommand"/> bytes are needed.</param>
    /// <param name="written">Bytes in the output.</param>
    /// <returns>True when nothing is left to say before the server speaks; false when it has to ask for what the client says first.</returns>
    public static bool WriteAuth(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> initial, Span<byte> output, out int written)
    {
        var writer = new CommandWriter(output);
        writer.Literal("AUTH "u8);
        writer.Literal(mechanism);
        bool fits = "AUTH  \r\n".Length + mechanism.Length + Base64Text.LengthFor(initial.Length) <= MaxLine;
        if (fits && !initial.IsEmpty)
        {
            writer.Literal(" "u8);
            writer.Literal(Base64Text.Encode(initial));
        }
        _ = writer.TryFinish(out written);
        return fits;
    }

    /// <summary>Writes an answer within AUTH.</summary>
    /// <param name="answer">May be empty.</param>
    /// <param name="output">At most <see cref="MaxCommand"/> bytes are needed.</param>
    /// <param name="written">Bytes in the output; 0 when false.</param>
    /// <returns>False when it is too long.</returns>
    public static bool TryWriteAnswer(ReadOnlySpan<byte> answer, Span<byte> output, out int written)
    {
        var writer = new CommandWriter(output);
        writer.Literal(Base64Text.Encode(answer));
        return writer.TryFinish(out written);
    }

    private static void WriteNotify(ref CommandWriter writer, NotifyOn notify)
    {
        if (notify == NotifyOn.Unspecified) return;
        writer.Literal(" NOTIFY="u8);
        if ((notify & NotifyOn.Never) != 0)
        {
            writer.Literal("NEVER"u8);
            return;
        }
        bool isFirst = true;
        foreach (var (flag, name) in NotifyNames)
        {
            if ((notify & flag) == 0) continue;
            if (!isFirst) writer.Literal(","u8);
            writer.Literal(name);
            isFirst = false;
        }
    }

    private static readonly (NotifyOn Flag, byte[] Name)[] NotifyNames =
    [
        (NotifyOn.Success, "SUCCESS"u8.ToArray()), (NotifyOn.Failure, "FAILURE"u8.ToArray()), (NotifyOn.Delay, "DELAY"u8.ToArray()),
    ];
}
