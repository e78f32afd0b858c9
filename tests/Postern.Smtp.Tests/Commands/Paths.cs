using Postern.Mail;

namespace Postern.Smtp.Tests.Commands;

/// <summary>Paths as text, for comparisons.</summary>
internal static class Paths
{
    public static string Of(ReversePath path) => path.Sender is null ? "" : Bytes.Text(path.Sender.Text);

    public static string Of(ForwardPath path) => path.Recipient is null ? "postmaster" : Bytes.Text(path.Recipient.Text);

    public static Mailbox Mailbox(string text)
    {
        Assert.True(Mail.Mailbox.TryParse(Bytes.Of(text), allowUtf8: true, out var mailbox));
        return mailbox;
    }
}
