using Postern.Posix.Files;

namespace Postern.Deliver.Maildir;

/// <summary>One Maildir, open where messages are written (tmp) and where they appear (new).</summary>
/// <remarks>
/// Everything is opened beneath the base in one step that refuses links, so whoever owns the folders can't point a
/// delivery anywhere else (attacks F2, F3). What is missing is made, and synced into its parent.
/// </remarks>
internal sealed class MaildirFolder : IDisposable
{
    private static readonly byte[] _tmp = "tmp"u8.ToArray();
    private static readonly byte[] _new = "new"u8.ToArray();
    private static readonly byte[] _cur = "cur"u8.ToArray();

    private readonly MaildirCalls _calls;

    private MaildirFolder(MaildirCalls calls, MailboxPlace place, DirectoryHandle tmp, DirectoryHandle @new)
    {
        _calls = calls;
        Place = place;
        Tmp = tmp;
        New = @new;
    }

    /// <summary>Which mailbox it is.</summary>
    internal MailboxPlace Place { get; }

    /// <summary>Where messages are written.</summary>
    internal DirectoryHandle Tmp { get; }

    /// <summary>Where they appear.</summary>
    internal DirectoryHandle New { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tmp.Dispose();
        New.Dispose();
    }

    /// <summary>Opens a mailbox's Maildir, making what is missing of it.</summary>
    internal static FileResult Open(MaildirCalls calls, MailboxBases bases, MailboxPlace place, out MaildirFolder? folder)
    {
        folder = null;
        var opened = bases.Open(place, out var root);
        if (!opened.Ok)
        {
            return opened;
        }

        using (root)
        {
            opened = OpenParts(calls, root!, place, out folder);
            if (opened.Fault == FileFault.NotFound)
            {
                opened = Make(calls, root!, place);
                return opened.Ok ? OpenParts(calls, root!, place, out folder) : opened;
            }

            return opened;
        }
    }

    /// <summary>Makes the names in new durable; call it once after any number of messages.</summary>
    internal FileResult SyncNew() => _calls.SyncFolder(New);

    private static FileResult OpenParts(MaildirCalls calls, DirectoryHandle root, MailboxPlace place, out MaildirFolder? folder)
    {
        folder = null;
        var opened = calls.OpenFolder(root, place.PathTo(_tmp), out var tmp);
        if (!opened.Ok)
        {
            return opened;
        }

        opened = calls.OpenFolder(root, place.PathTo(_new), out var @new);
        if (!opened.Ok)
        {
            tmp!.Dispose();
            return opened;
        }

        folder = new MaildirFolder(calls, place, tmp!, @new!);
        return opened;
    }

    private static FileResult Make(MaildirCalls calls, DirectoryHandle root, MailboxPlace place)
    {
        var parts = place.Folder.Length == 0 ? [] : place.Folder.Split('/');
        var at = root;
        try
        {
            foreach (var part in parts)
            {
                var name = System.Text.Encoding.Latin1.GetBytes(part);
                var made = MakeOne(calls, at, name);
                var opened = made.Ok ? calls.OpenFolder(at, name, out var next) : Failure(made, out next);
                if (!opened.Ok)
                {
                    return opened;
                }

                Close(at, root);
                at = next!;
            }

            foreach (var name in new[] { _tmp, _new, _cur })
            {
                var made = MakeOne(calls, at, name);
                if (!made.Ok)
                {
                    return made;
                }
            }

            return FileResult.Of(0);
        }
        finally
        {
            Close(at, root);
        }
    }

    private static FileResult MakeOne(MaildirCalls calls, DirectoryHandle parent, byte[] name)
    {
        var made = calls.MakeFolder(parent, name);
        return made.Ok ? calls.SyncFolder(parent) : made.Fault == FileFault.Exists ? FileResult.Of(0) : made;
    }

    private static FileResult Failure(FileResult result, out DirectoryHandle? none)
    {
        none = null;
        return result;
    }

    private static void Close(DirectoryHandle folder, DirectoryHandle root)
    {
        if (folder != root)
        {
            folder.Dispose();
        }
    }
}
