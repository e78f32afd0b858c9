using System.Text;
using Postern.Config.Errors;
using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.Config.Sections;

/// <summary>[tls_reports]: whether other domains are told how mail to them was protected, and who tells it.</summary>
internal static class TlsReportsSection
{
    /// <summary>Reads it; null when none are sent.</summary>
    internal static TlsReports? Read(SectionReader section, DomainName hostName)
    {
        var from = Address(section, "from") ?? $"postmaster@{hostName}";
        var contact = Address(section, "contact") ?? from;
        var organization = Organization(section) ?? hostName.ToString();
        return section.Flag("send", fallback: true) ? new TlsReports(from, organization, contact) : null;
    }

    private static string? Address(SectionReader section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (Mailbox.TryParse(text.Text, out var mailbox) && mailbox.IsAscii && !mailbox.HasLiteral)
        {
            return Encoding.ASCII.GetString(mailbox.Text);
        }

        section.Errors.Add(text.Place, $"{key} must be an address in ASCII, as in \"postmaster@example.org\", not {Printable.Quote(text.Text)}");
        return null;
    }

    private static string? Organization(SectionReader section)
    {
        if (section.Text("organization") is not { } text)
        {
            return null;
        }

        var length = Encoding.UTF8.GetByteCount(text.Text);
        if (length is > 0 and <= TlsReportSlice.MaxOrganization && !text.Text.Any(char.IsControl))
        {
            return text.Text;
        }

        section.Errors.Add(text.Place, $"organization must be from 1 to {TlsReportSlice.MaxOrganization} bytes without control characters");
        return null;
    }
}
