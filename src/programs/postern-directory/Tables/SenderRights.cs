using Postern.Ipc.Directory;
using Postern.Mail;
using Postern.Text;

namespace Postern.Directory.Tables;

/// <summary>Which addresses somebody who has logged in may send from: his own name, and every address whose mail reaches his mailbox.</summary>
internal static class SenderRights
{
    /// <summary>Judges one.</summary>
    /// <param name="book">The tables.</param>
    /// <param name="login">The account.</param>
    /// <param name="address">The address that mail is to come from.</param>
    internal static AddressVerdict Judge(AddressBook book, ReadOnlySpan<byte> login, ReadOnlySpan<byte> address)
    {
        if (!book.TryRead(login, out var own) || !book.TryRead(address, out var from)) return AddressVerdict.Foreign;
        if (own.Equals(from)) return AddressVerdict.Local;
        // Of an account without a mailbox here nothing else is known.
        var (mine, meant) = (Expansion.Of(book, login, final: true), Expansion.Of(book, address, final: false));
        if (mine.Outcome == MeaningOutcome.Unavailable || meant.Outcome == MeaningOutcome.Unavailable) return AddressVerdict.Unavailable;
        return mine.Mailbox is { } mailbox && IsOf(own, mailbox) && Reaches(book, meant, mailbox) ? AddressVerdict.Local : AddressVerdict.Foreign;
    }

    // The mailbox of that very name: mary-jane, who has none here, would else be mary, whose mail with an extension it looks like.
    private static bool IsOf(Mailbox own, MailboxEntry mailbox) => mailbox.Kind switch
    {
        MailboxKind.Virtual => Ascii.EqualsIgnoreCase(mailbox.Folder, [.. own.DomainText, (byte)'/', .. own.LocalPart]),
        MailboxKind.System => Ascii.EqualsIgnoreCase(own.LocalPart, System.Text.Encoding.UTF8.GetBytes(mailbox.User)),
        _ => false,
    };

    private static bool Reaches(AddressBook book, Meaning meant, MailboxEntry mailbox) =>
        AreSame(meant.Mailbox, mailbox) || meant.Targets.Any(target => AreSame(Expansion.Of(book, target.Text, final: true).Mailbox, mailbox));

    private static bool AreSame(MailboxEntry? one, MailboxEntry other) =>
        one is not null && one.Kind == other.Kind && one.User == other.User && one.Folder.AsSpan().SequenceEqual(other.Folder);
}
