using Postern.Mail;

namespace Postern.CommandLine.Submission;

/// <summary>Finds the recipients that a header names, for <c>sendmail -t</c>.</summary>
internal static class HeaderRecipients
{
    /// <summary>Reads To, Cc and Bcc; of a resent message those that say to whom it is resent (RFC 5322 §3.6.6).</summary>
    /// <exception cref="CommandFailure">65 for a field that can't be read: half of the recipients is worse than none.</exception>
    internal static List<Mailbox> Read(ReadOnlySpan<byte> content, HeaderBlock header, DomainName host)
    {
        var resent = header.Has(content, "Resent-To"u8) || header.Has(content, "Resent-Cc"u8) || header.Has(content, "Resent-Bcc"u8);
        List<byte[]> found = [];
        foreach (var field in header.Fields)
        {
            if (NamesRecipients(content, field, resent) && !AddressList.TryRead(HeaderBlock.Value(content, field), found))
            {
                throw new CommandFailure(ExitCode.BadData, "a field with recipients can't be read");
            }
        }

        return [.. found.Select(text => LocalAddress.Recipient(text, host, ExitCode.BadData))];
    }

    private static bool NamesRecipients(ReadOnlySpan<byte> content, HeaderBlock.Field field, bool resent) => resent
        ? HeaderBlock.IsNamed(content, field, "Resent-To"u8)
            || HeaderBlock.IsNamed(content, field, "Resent-Cc"u8)
            || HeaderBlock.IsNamed(content, field, "Resent-Bcc"u8)
        : HeaderBlock.IsNamed(content, field, "To"u8)
            || HeaderBlock.IsNamed(content, field, "Cc"u8)
            || HeaderBlock.IsNamed(content, field, "Bcc"u8);
}
