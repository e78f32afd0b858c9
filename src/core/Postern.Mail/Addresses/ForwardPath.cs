namespace Postern.Mail;

/// <summary>The recipient that RCPT names (RFC 5321 §4.1.1.3).</summary>
/// <param name="Recipient">The recipient, or null for "&lt;postmaster&gt;" without a domain.</param>
/// <param name="WrittenInUtf8">True when it was written with characters beyond ASCII, even if only in the domain.</param>
public readonly record struct ForwardPath(Mailbox? Recipient, bool WrittenInUtf8)
{
    /// <summary>Reads the path at the start of an argument.</summary>
    /// <param name="input">What follows "TO:", parameters included.</param>
    /// <param name="allowUtf8">True to take characters beyond ASCII.</param>
    /// <param name="path">The path.</param>
    /// <param name="consumed">Bytes of the path; what follows is nothing, or a space and parameters.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryRead(ReadOnlySpan<byte> input, bool allowUtf8, out ForwardPath path, out int consumed, out AddressFault fault)
    {
        path = default;
        fault = PathReader.Read(input, out var address, out consumed);
        if (fault != AddressFault.None || PathReader.IsBarePostmaster(address)) return fault == AddressFault.None;
        if (address.IsEmpty) fault = AddressFault.BadSyntax;
        else if (Mailbox.TryParse(address, allowUtf8, out var mailbox, out fault)) path = new ForwardPath(mailbox, !Ascii.IsAscii(address));
        return fault == AddressFault.None;
    }

    /// <summary>The recipient, with our own name for the missing domain.</summary>
    public Mailbox Resolve(DomainName ours)
    {
        if (Recipient is not null) return Recipient;
        return Mailbox.TryCreate("postmaster"u8, new MailDomain(ours), out var postmaster)
            ? postmaster
            : throw new ArgumentException("A host name leaves room for postmaster.", nameof(ours));
    }
}
