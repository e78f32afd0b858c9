using Postern.Deliver.Maildir;
using Postern.Mail;
using Postern.Posix.Files;

namespace Postern.Deliver.Disk;

/// <summary>A message too large for memory: its content goes straight into the file of one recipient, the source.</summary>
/// <remarks>One work at a time touches it, until the copies for the other recipients read from it side by side.</remarks>
internal sealed class MessageStream
{
    /// <summary>The source's mailbox, open as long as the stream is.</summary>
    internal MaildirFolder? Folder { get; set; }

    /// <summary>The source's file; null until there is one, and after a failure.</summary>
    internal MessageFile? File { get; set; }

    /// <summary>The first failure of a write; no recipient gets the message then.</summary>
    internal FileResult Failure { get; set; } = FileResult.Of(0);

    /// <summary>Closes what is open.</summary>
    internal void Close()
    {
        File?.Release();
        Folder?.Dispose();
    }
}

/// <summary>Opens the source's file and writes the fields that are its own.</summary>
internal sealed class OpenStreamWork(MessageStream stream, MailboxPlace place, byte[] fields) : DiskWork
{
    /// <summary>Why this recipient can't be the source; null when it is.</summary>
    internal DeliveryResult? Refusal { get; private set; }

    /// <inheritdoc/>
    internal override void Write(OpenFolders folders)
    {
        // Opened apart from the round's folders, which are closed after it.
        var access = folders.Access;
        var opened = MaildirFolder.Open(access.Calls, access.Bases, place, out var folder);
        if (!opened.Ok)
        {
            Refusal = FileFaults.ResultOf(opened);
            return;
        }

        var file = new MessageFile(access.Calls, folder!, access.Names);
        var result = file.Create();
        if (result.Ok)
        {
            result = file.Append(fields);
        }

        if (result.Ok)
        {
            stream.Folder = folder;
            stream.File = file;
            return;
        }

        file.Abandon();
        folder!.Dispose();
        Refusal = FileFaults.ResultOf(result);
    }
}

/// <summary>Writes the next piece of the content.</summary>
/// <param name="stream">The stream.</param>
/// <param name="buffer">A lent buffer; the loop takes it back.</param>
/// <param name="length">How much of it is filled.</param>
internal sealed class AppendWork(MessageStream stream, byte[] buffer, int length) : DiskWork
{
    /// <summary>The buffer.</summary>
    internal byte[] Buffer => buffer;

    /// <inheritdoc/>
    internal override void Write(OpenFolders folders)
    {
        var written = stream.File!.Append(buffer.AsSpan(0, length));
        if (!written.Ok)
        {
            stream.Failure = written;
        }
    }
}

/// <summary>Brings the source's own copy into its mailbox; the file stays open for the others.</summary>
internal sealed class PublishStreamWork(MessageStream stream) : DiskWork
{
    /// <summary>What became of it; set when the work is complete.</summary>
    internal DeliveryResult? Result { get; private set; }

    /// <inheritdoc/>
    internal override void Write(OpenFolders folders)
    {
        var result = stream.File!.Sync();
        if (result.Ok)
        {
            result = stream.File.Publish();
        }

        if (result.Ok)
        {
            result = stream.Folder!.SyncNew();
        }

        if (!result.Ok)
        {
            stream.File.Abandon();
        }

        Result = Results.Of(result);
    }
}

/// <summary>Ends a stream: a file that was not published is removed, the rest is closed.</summary>
internal sealed class EndStreamWork(MessageStream stream, bool abandon) : DiskWork
{
    /// <inheritdoc/>
    internal override void Write(OpenFolders folders)
    {
        if (abandon)
        {
            stream.File?.Abandon();
        }

        stream.Close();
    }
}

/// <summary>Cleans a mailbox's tmp of what interrupted deliveries left.</summary>
internal sealed class CleanWork(MailboxPlace place, DateTimeOffset now) : DiskWork
{
    /// <summary>How many files were removed.</summary>
    internal int Removed { get; private set; }

    /// <inheritdoc/>
    internal override void Write(OpenFolders folders)
    {
        if (folders.Open(place, out var folder).Ok)
        {
            Removed = Leftovers.Remove(folder!, now);
        }
    }
}
