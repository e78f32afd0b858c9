using Postern.Deliver.Maildir;
using Postern.Mail;
using Postern.Posix.Files;

namespace Postern.Deliver.Disk;

/// <summary>Delivers one message to one mailbox.</summary>
/// <param name="place">The mailbox.</param>
/// <param name="fields">The fields on top.</param>
/// <param name="content">The rest.</param>
internal sealed class DeliverWork(MailboxPlace place, byte[] fields, MessageContent content) : DiskWork
{
    private OpenFolders? _folders;
    private MessageFile? _file;
    private FileResult _result;

    /// <summary>Whose copy it is, for whoever started the work.</summary>
    internal required int Recipient { get; init; }

    /// <summary>What became of it; set when the work is complete.</summary>
    internal DeliveryResult? Result { get; private set; }

    /// <inheritdoc/>
    internal override void Write(OpenFolders folders)
    {
        _folders = folders;
        _result = folders.Open(place, out var folder);
        if (_result.Ok)
        {
            _file = new MessageFile(folders.Access.Calls, folder!, folders.Access.Names);
            _result = WriteFile(_file);
        }
    }

    /// <inheritdoc/>
    internal override void Publish()
    {
        if (_result.Ok)
        {
            _result = _file!.Publish();
        }
    }

    /// <inheritdoc/>
    internal override void Settle()
    {
        if (_result.Ok)
        {
            _result = _folders!.SyncOnce(_file!.Folder);
        }

        if (!_result.Ok)
        {
            _file?.Abandon();
        }

        Result = Results.Of(_result);
    }

    private FileResult WriteFile(MessageFile file)
    {
        var result = file.Create();
        result = result.Ok ? file.Append(fields) : result;
        result = result.Ok ? content.CopyTo(file) : result;
        result = result.Ok ? file.Sync() : result;
        return result.Ok ? file.Close() : result;
    }
}

/// <summary>What a delivery's last result means for its recipient.</summary>
internal static class Results
{
    /// <summary>The message stands in the mailbox, and will after a crash.</summary>
    private static readonly DeliveryResult _delivered = DeliveryResult.Delivered("delivered to the mailbox"u8);

    /// <summary>The result for a success or a failure.</summary>
    internal static DeliveryResult Of(FileResult result) => result.Ok ? _delivered : FileFaults.ResultOf(result);
}
