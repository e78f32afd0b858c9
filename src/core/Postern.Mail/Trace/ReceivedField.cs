using Postern.Text;

namespace Postern.Mail;

/// <summary>The trace field that we put on top of a message (RFC 5321 §4.4).</summary>
public readonly struct ReceivedField
{
    /// <summary>The most bytes that <see cref="Write"/> makes: a client name, a host name, a mailbox, a cipher suite and what is between.</summary>
    public const int MaxLength = 1152;

    /// <summary>Longest name of a cipher suite: the longest in the registry has 45 characters.</summary>
    private const int MaxSuite = 64;

    /// <summary>How much of a client's name is shown that is no name. Arbitrary: enough to recognise it.</summary>
    private const int MaxOddName = 64;

    /// <summary>Where the message came from.</summary>
    public required MessageOrigin Origin { get; init; }

    /// <summary>What the client called itself in HELO, EHLO or LHLO: any bytes.</summary>
    public ReadOnlyMemory<byte> ClientName { get; init; }

    /// <summary>True when nobody who reads the message shall see where the client is, nor what it called itself.</summary>
    public bool HidesClient { get; init; }

    /// <summary>Our own name.</summary>
    public required DomainName Host { get; init; }

    /// <summary>The message's id.</summary>
    public required MessageId Id { get; init; }

    /// <summary>The recipient if the message has exactly one; else null, as the others must not learn of each other
    /// (RFC 5321 §7.2).</summary>
    public Mailbox? OnlyRecipient { get; init; }

    /// <summary>The cipher suite of TLS that it came over, by its name in the registry; empty for none.</summary>
    public ReadOnlyMemory<byte> Suite { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Writes the field, folded, with its CRLF.</summary>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public int Write(Span<byte> output)
    {
        var line = new ByteLine(output);
        line.Add("Received: "u8);
        if (Origin.HasClient && !HidesClient) AddClient(ref line);
        line.Add("by "u8);
        line.Add(Host.Text);
        if (Origin.HasClient)
        {
            line.Add(" with "u8);
            AddProtocol(ref line);
        }
        else if (Origin.Protocol == MailProtocol.Local)
        {
            line.Add(" (Postern, from uid "u8);
            line.Add(Origin.LocalUid);
            line.Add(")"u8);
        }
        line.Add("\r\n\tid "u8);
        line.Add(Id);
        // An address beyond ASCII may only stand in a message whose headers are UTF-8 by agreement.
        if (OnlyRecipient is { } recipient && (recipient.IsAscii || IsUtf8))
        {
            line.Add("\r\n\tfor <"u8);
            line.Add(recipient.Text);
            line.Add(">"u8);
        }
        // RFC 8314 §4.3.
        if (Suite.Length is > 0 and <= MaxSuite)
        {
            line.Add("\r\n\ttls "u8);
            line.Add(Suite.Span);
        }
        line.Add("; "u8);
        line.Add(Time);
        line.Add("\r\n"u8);
        return line.Length;
    }

    private bool IsUtf8 => Origin.Protocol is MailProtocol.Utf8Smtp or MailProtocol.Utf8Lmtp;

    private void AddClient(ref ByteLine line)
    {
        var name = ClientName.Span;
        line.Add("from "u8);
        if (DomainName.IsValid(name) || AddressLiteral.TryParse(name, out _))
        {
            line.Add(name);
            line.Add(" ("u8);
            line.AddLiteral(Origin.Client);
        }
        else
        {
            // The grammar wants a domain; what is none goes into the comment, where nothing in it can close the comment.
            line.AddLiteral(Origin.Client);
            line.Add(" (helo="u8);
            line.AddTamed(name, MaxOddName);
        }
        line.Add(")\r\n\t"u8);
    }

    /// <summary>The names of RFC 3848 and RFC 6531 §3.7.3 (registry: "Mail Transmission Types").</summary>
    private void AddProtocol(ref ByteLine line)
    {
        line.Add(Origin.Protocol switch
        {
            MailProtocol.Smtp => "SMTP"u8,
            MailProtocol.Esmtp => "ESMTP"u8,
            MailProtocol.Utf8Smtp => "UTF8SMTP"u8,
            MailProtocol.Lmtp => "LMTP"u8,
            _ => "UTF8LMTP"u8,
        });
        // After HELO there is neither STARTTLS nor AUTH, and no name for a connection that was encrypted from the start.
        if (Origin.Protocol == MailProtocol.Smtp) return;
        if (Origin.Encrypted) line.Add("S"u8);
        if (Origin.Authenticated) line.Add("A"u8);
    }
}
