using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Mail;
using Postern.Posix.Processes;
using Postern.Text;

namespace Postern.CommandLine.Submission;

/// <summary>Addresses as local programs write them: angle brackets are optional, and a name alone gets a domain of ours.</summary>
internal static class LocalAddress
{
    /// <summary>Judges an address.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="domain">What a name without a domain gets.</param>
    /// <param name="mailbox">The address.</param>
    internal static bool TryRead(ReadOnlySpan<byte> text, DomainName domain, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (text.Length > 2 && text[0] == '<' && text[^1] == '>')
        {
            text = text[1..^1];
        }

        if (text.IsEmpty || text.Length > Mailbox.MaxLength)
        {
            return false;
        }

        // The second try also takes "a@b", whose at sign stands inside quotation marks.
        return Mailbox.TryParse(text, allowUtf8: true, out mailbox)
            || Mailbox.TryParse([.. text, (byte)'@', .. domain.Text], allowUtf8: true, out mailbox);
    }

    /// <summary>Judges a recipient and ends the command when it is none.</summary>
    internal static Mailbox Recipient(ReadOnlySpan<byte> text, DomainName domain, int code) =>
        TryRead(text, domain, out var mailbox) ? mailbox
            : throw new CommandFailure(code, $"not an address: {EscapedText.Of(text)}");

    /// <summary>Judges a sender; nothing and &lt;&gt; are the null sender.</summary>
    internal static Mailbox? Sender(string text, DomainName domain) =>
        text is "" or "<>" ? null : Recipient(Encoding.UTF8.GetBytes(text), domain, ExitCode.Usage);

    /// <summary>The address of the calling user.</summary>
    internal static Mailbox OfUser(byte[] passwords, uint uid, DomainName domain)
    {
        var name = PasswordFile.Find(passwords, uid)?.Name;
        return (name is not null && TryRead(Encoding.ASCII.GetBytes(name), domain, out var mailbox))
            || TryRead(Encoding.ASCII.GetBytes($"uid{uid}"), domain, out mailbox)
            ? mailbox
            : throw new CommandFailure(ExitCode.Software, "the calling user has no address");
    }
}
