using Postern.Ipc.Directory;

namespace Postern.Deliver.Maildir;

/// <summary>Where a mailbox lies: the kind of its base, and the folder below it.</summary>
/// <param name="Kind">Whose it is, which says below what.</param>
/// <param name="Folder">The path of the Maildir below its base; empty when the base is the Maildir.</param>
internal readonly record struct MailboxPlace(MailboxKind Kind, string Folder)
{
    private const string SystemFolder = "Maildir";

    /// <summary>Judges what <c>local</c> says of a mailbox.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="folder">For a virtual mailbox domain/user, else empty.</param>
    /// <param name="place">The place.</param>
    /// <returns>False for anything but two plain names, or for a folder where none belongs.</returns>
    internal static bool TryRead(MailboxKind kind, ReadOnlySpan<byte> folder, out MailboxPlace place)
    {
        place = new MailboxPlace(kind, kind == MailboxKind.System ? SystemFolder : string.Empty);
        if (kind != MailboxKind.Virtual)
        {
            return folder.IsEmpty;
        }

        var slash = folder.IndexOf((byte)'/');
        if (slash < 0 || !IsPlain(folder[..slash]) || !IsPlain(folder[(slash + 1)..]))
        {
            return false;
        }

        // Latin-1 keeps every byte as it is; the path is turned back the same way.
        place = new MailboxPlace(kind, System.Text.Encoding.Latin1.GetString(folder));
        return true;
    }

    /// <summary>The path of a name in this mailbox, below the base.</summary>
    internal byte[] PathTo(ReadOnlySpan<byte> name)
    {
        var folder = System.Text.Encoding.Latin1.GetBytes(Folder);
        return folder.Length == 0 ? name.ToArray() : [.. folder, (byte)'/', .. name];
    }

    private static bool IsPlain(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name[0] == '.')
        {
            return false;
        }

        foreach (var value in name)
        {
            if (value is < 0x20 or 0x7f or (byte)'/')
            {
                return false;
            }
        }

        return true;
    }
}
