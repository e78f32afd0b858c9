using Postern.Posix.Files;

namespace Postern.Deliver.Maildir;

/// <summary>One message on its way into a Maildir: written in tmp, synced, moved to new (attack F5).</summary>
/// <remarks>
/// The first failure ends it, and then neither folder keeps anything of it. Until the caller has synced new, the message
/// may be there or not after a crash; it is whole in either case.
/// </remarks>
internal sealed class MessageFile(MaildirCalls calls, MaildirFolder folder, MessageNames names)
{
    /// <summary>Names that are tried. One that is taken was put there by somebody: a few may be left over, more are an attack.</summary>
    private const int MaxNames = 3;

    private FileHandle? _file;
    private string? _name;
    private string? _published;

    /// <summary>The folder.</summary>
    internal MaildirFolder Folder => folder;

    /// <summary>Bytes written so far.</summary>
    internal long Length { get; private set; }

    /// <summary>Makes the file.</summary>
    internal FileResult Create()
    {
        FileResult created;
        var attempts = 0;
        do
        {
            _name = names.Next();
            created = calls.Create(folder.Tmp, MessageNames.Bytes(_name), out _file);
        }
        while (created.Fault == FileFault.Exists && ++attempts < MaxNames);
        if (!created.Ok)
        {
            _name = null;
        }

        return created;
    }

    /// <summary>Writes the next bytes.</summary>
    internal FileResult Append(ReadOnlySpan<byte> bytes)
    {
        var written = calls.Write(_file!, Length, bytes);
        if (written.Ok)
        {
            Length += bytes.Length;
        }

        return written;
    }

    /// <summary>Reads bytes that were written.</summary>
    internal FileResult Read(long offset, Span<byte> destination) => calls.Read(_file!, offset, destination);

    /// <summary>Brings the content to stable storage. The file can still be read.</summary>
    internal FileResult Sync() => calls.Sync(_file!);

    /// <summary>Closes the file for good.</summary>
    internal FileResult Close()
    {
        var file = _file!;
        _file = null;
        return calls.Close(file);
    }

    /// <summary>Lets the file go when there is nothing left to hear of it.</summary>
    internal void Release()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Moves the message to new, where readers see it.</summary>
    internal FileResult Publish()
    {
        var name = MessageNames.WithSize(_name!, Length);
        var moved = calls.Rename(folder.Tmp, MessageNames.Bytes(_name!), folder.New, MessageNames.Bytes(name));
        for (var attempts = 1; moved.Fault == FileFault.Exists && attempts < MaxNames; attempts++)
        {
            name = MessageNames.WithSize(names.Next(), Length);
            moved = calls.Rename(folder.Tmp, MessageNames.Bytes(_name!), folder.New, MessageNames.Bytes(name));
        }

        if (moved.Ok)
        {
            _name = null;
            _published = name;
        }

        return moved;
    }

    /// <summary>Removes what there is of the message. Best effort: what can't be removed from tmp is cleaned away later.</summary>
    internal void Abandon()
    {
        if (_published is not null)
        {
            _ = calls.Unlink(folder.New, MessageNames.Bytes(_published));
        }
        else if (_name is not null)
        {
            _ = calls.Unlink(folder.Tmp, MessageNames.Bytes(_name));
        }

        _published = null;
        _name = null;
        Release();
    }
}
