using System.Text;
using Postern.Mail;
using Postern.Sasl;

namespace Postern.Auth.Notices;

/// <summary>What a user is told when her account was logged in to from a place that is new.</summary>
/// <remarks>
/// Every word of it is ours but for the account, where the client is, and the label of what it logged in with: an address that was judged, an
/// address that we write ourselves, and printable ASCII. Nothing that the client sent stands in it, and nothing is to be clicked.
/// </remarks>
/// <param name="Origin">Whose notice it is.</param>
/// <param name="To">The user.</param>
/// <param name="Login">How she, or somebody else, logged in.</param>
internal sealed record PlaceNotice(NoticeOrigin Origin, Mailbox To, LoginRecord Login)
{
    /// <summary>True when sending it needs SMTPUTF8: its header has an address beyond ASCII.</summary>
    internal bool NeedsSmtpUtf8 => !To.IsAscii || !Origin.From.IsAscii;

    /// <summary>Writes the message, header and all; lines end in CRLF.</summary>
    /// <param name="id">The queue's id for it.</param>
    internal byte[] Write(MessageId id)
    {
        var text = new StringBuilder();
        WriteHeader(text, id);
        WriteBody(text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // RFC 3834 §5: nothing that answers by itself may answer it; with the null sender it comes back to nobody either.
    private void WriteHeader(StringBuilder text, MessageId id)
    {
        Line(text, $"From: Login Notice <{Text(Origin.From)}>");
        Line(text, $"To: <{Text(To)}>");
        Line(text, "Subject: Your account was logged in to from a new place");
        Line(text, $"Date: {Rfc5322Date.ToString(Login.Time)}");
        Line(text, $"Message-ID: <{id}@{Origin.Host}>");
        Line(text, "Auto-Submitted: auto-generated");
        Line(text, "MIME-Version: 1.0");
        Line(text, "Content-Type: text/plain; charset=utf-8");
        Line(text, $"Content-Transfer-Encoding: {(NeedsSmtpUtf8 ? "8bit" : "7bit")}");
        Line(text, "");
    }

    private void WriteBody(StringBuilder text)
    {
        Line(text, $"This is the mail server {Origin.Host}.");
        Line(text, "");
        Line(text, "Your account was logged in to from a place where it was not used before,");
        Line(text, "or not for half a year:");
        Line(text, "");
        Line(text, $"    account  {Text(To)}");
        Line(text, $"    when     {Rfc5322Date.ToString(Login.Time)}");
        Line(text, $"    from     {Login.Address}");
        Line(text, $"    for      sending mail ({Login.Service})");
        Line(text, $"    by       {SaslMechanismNames.Of(Login.Mechanism)}{(Login.Detail.Length > 0 ? $" ({Login.Detail})" : "")}");
        Line(text, "");
        Line(text, "If that was you, at home with a new provider, say, or on a journey, there is");
        Line(text, "nothing to do.");
        Line(text, "");
        Line(text, "If it was not, somebody else has what you log in with. Change your password");
        Line(text, "(or have the certificate or token taken back), and tell the administrators of");
        Line(text, $"this server: {Text(Origin.From)}");
    }

    private static string Text(Mailbox mailbox) => Encoding.UTF8.GetString(mailbox.Text);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");
}
