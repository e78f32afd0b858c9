using System.Globalization;
using System.Text;
using Postern.CommandLine.Output;
using Postern.Text;

namespace Postern.CommandLine.Offline;

/// <summary>Writes messages into a Maildir, with their envelopes on top as header fields.</summary>
internal sealed class MaildirExport
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;

    /// <summary>Makes the Maildir where it is missing.</summary>
    internal MaildirExport(string folder)
    {
        foreach (var name in (string[])["cur", "new", "tmp"])
        {
            Directory.CreateDirectory(Path.Join(folder, name), Private);
        }

        _folder = Path.Join(folder, "new");
    }

    /// <summary>Writes a message; what stands there under its name is never overwritten.</summary>
    /// <param name="message">The envelope; recipients with nothing left to do are left out.</param>
    /// <param name="content">The content with CRLF.</param>
    internal void Write(StoredMessage message, ReadOnlySpan<byte> content)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(message.Arrived, 0)}.Q{message.Id}.postern");
        using var file = new FileStream(Path.Join(_folder, name), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(Encoding.ASCII.GetBytes($"Return-Path: <{Plain(message.Sender)}>\n"));
        for (var i = 0; i < message.Recipients.Length; i++)
        {
            if (message.Open[i])
            {
                // Not Delivered-To: by that field a server that gets the message again would see a loop.
                file.Write(Encoding.ASCII.GetBytes($"X-Postern-Recipient: {Plain(message.Recipients[i])}\n"));
            }
        }

        WriteLines(content, file);
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
