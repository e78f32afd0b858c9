using System.Text;
using Postern.Mail;
using Postern.Text;

namespace Postern.Remote.Reports.Writing;

/// <summary>A report as a message (RFC 8460 §5.3).</summary>
internal static class ReportMessage
{
    /// <summary>Bytes of base64 on a line (RFC 2045 §6.8).</summary>
    private const int LineLength = 76;

    /// <summary>Writes it.</summary>
    /// <param name="submitter">Who sends it.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="date">When it is sent.</param>
    /// <param name="body">The report, compressed.</param>
    internal static byte[] Write(ReportSubmitter submitter, ReportTitle title, Mailbox to, DateTimeOffset date, byte[] body)
    {
        // Base64 has neither "=" before its end nor "_", so no line of it is the boundary.
        var boundary = $"=_{title.Unique}";
        var text = new StringBuilder();
        Line(text, $"Date: {Date(date)}");
        Line(text, $"From: <{Encoding.UTF8.GetString(submitter.From.Text)}>");
        Line(text, $"To: <{Encoding.ASCII.GetString(to.Text)}>");
        Line(text, $"Subject: Report Domain: {title.Domain}");
        Line(text, $" Submitter: {title.Submitter}");
        Line(text, $" Report-ID: <{title.Id}>");
        Line(text, $"Message-ID: <{title.Id}>");
        Line(text, $"TLS-Report-Domain: {title.Domain}");
        Line(text, $"TLS-Report-Submitter: {title.Submitter}");
        // RFC 8689 §5: whoever passes it on may do so without TLS, too, which may be what the report is about.
        Line(text, "TLS-Required: No");
        Line(text, "Auto-Submitted: auto-generated");
        Line(text, "MIME-Version: 1.0");
        Line(text, "Content-Type: multipart/report; report-type=\"tlsrpt\";");
        Line(text, $" boundary=\"{boundary}\"");
        Line(text, "");
        Line(text, $"--{boundary}");
        Line(text, "Content-Type: text/plain; charset=us-ascii");
        Line(text, "");
        Line(text, "This is a report about TLS on the way to");
        Line(text, $"{title.Domain},");
        Line(text, "sent by");
        Line(text, $"{title.Submitter}");
        Line(text, "as RFC 8460 has it.");
        Line(text, "");
        Line(text, $"--{boundary}");
        Line(text, "Content-Type: application/tlsrpt+gzip");
        Line(text, "Content-Transfer-Encoding: base64");
        Line(text, "Content-Disposition: attachment;");
        Line(text, $" filename=\"{title.FileName}\"");
        Line(text, "");
        Encode(text, body);
        Line(text, $"--{boundary}--");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");

    private static string Date(DateTimeOffset date)
    {
        Span<byte> written = stackalloc byte[Rfc5322Date.Length];
        Rfc5322Date.Write(date, written);
        return Encoding.ASCII.GetString(written);
    }

    private static void Encode(StringBuilder text, byte[] body)
    {
        var encoded = new byte[Base64Text.LengthFor(body.Length)];
        var base64 = Encoding.ASCII.GetString(encoded.AsSpan(0, Base64Text.Encode(body, encoded)));
        for (var at = 0; at < base64.Length; at += LineLength)
        {
            text.Append(base64, at, Math.Min(LineLength, base64.Length - at)).Append("\r\n");
        }
    }
}
