using System.Globalization;
using System.Text;
using Postern.CommandLine.Output;
using Postern.Mail;
using Postern.Posix.Files;
using Postern.Text;

namespace Postern.CommandLine.Offline;

/// <summary>Writes messages into a Maildir, with their envelopes on top as header fields.</summary>
internal sealed class MaildirExport : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;
    private readonly DirectoryHandle _tmp;
    private readonly DirectoryHandle _new;

    /// <summary>Makes the Maildir where it is missing.</summary>
    internal MaildirExport(string folder)
    {
        foreach (var name in (string[])["cur", "new", "tmp"])
        {
            Directory.CreateDirectory(Path.Join(folder, name), Private);
        }

        _folder = folder;
        (_tmp, _new) = (Open("tmp"), Open("new"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tmp.Dispose();
        _new.Dispose();
    }

    /// <summary>Writes a message; what stands there under its name is never overwritten.</summary>
    /// <param name="message">The envelope; recipients with nothing left to do are left out.</param>
    /// <param name="content">The content with CRLF.</param>
    /// <returns>False when something stands there under its name.</returns>
    internal bool TryWrite(StoredMessage message, ReadOnlySpan<byte> content)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(message.Arrived, 0)}.Q{message.Id}.postern");
        if (File.Exists(Path.Join(_folder, "new", name)))
        {
            return false;
        }

        // Under another name until it is whole: an export that is cut short leaves no half message that a later one takes for done.
        var partial = Path.Join(_folder, "tmp", name);
        using (var file = new FileStream(partial, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            WriteEnvelope(message, file);
            if (LeadingFold.IsAt(content))
            {
                file.Write("\n"u8);
            }

            WriteLines(content, file);
        }

        var moved = _tmp.Rename(Encoding.ASCII.GetBytes(name), _new, Encoding.ASCII.GetBytes(name));
        return moved.Ok || (moved.Fault == FileFault.Exists ? false : throw new CommandFailure(ExitCode.InputOutput, $"{partial}: {moved}"));
    }

    private DirectoryHandle Open(string name)
    {
        var path = Path.Join(_folder, name);
        var opened = DirectoryHandle.Open(path, out var handle);
        return handle ?? throw new CommandFailure(ExitCode.InputOutput, $"{path}: {opened}");
    }

    private static void WriteEnvelope(StoredMessage message, FileStream file)
    {
        file.Write(Encoding.ASCII.GetBytes($"Return-Path: <{Plain(message.Sender)}>\n"));
        for (var i = 0; i < message.Recipients.Length; i++)
        {
            if (message.Open[i])
            {
                // Not Delivered-To: by that field a server that gets the message again would see a loop.
                file.Write(Encoding.ASCII.GetBytes($"X-Postern-Recipient: {Plain(message.Recipients[i])}\n"));
            }
        }
    }

    private static string Plain(byte[] address) => Screen.Tame(EscapedText.Of(address));

    /// <summary>Lines of a Maildir end in LF.</summary>
    private static void WriteLines(ReadOnlySpan<byte> content, FileStream file)
    {
        while (!content.IsEmpty)
        {
            var end = content.IndexOf("\r\n"u8);
            file.Write(end < 0 ? content : content[..end]);
            if (end < 0)
            {
                return;
            }

            file.Write("\n"u8);
            content = content[(end + 2)..];
        }
    }
}
