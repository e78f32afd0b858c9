using System.Buffers;
using Postern.Deliver.Maildir;
using Postern.Posix.Files;

namespace Postern.Deliver.Disk;

/// <summary>The content of a message as it is to stand in a mailbox, wherever it waits.</summary>
internal abstract class MessageContent
{
    /// <summary>Writes all of it at the end of a file.</summary>
    internal abstract FileResult CopyTo(MessageFile file);
}

/// <summary>Content that waits in memory.</summary>
internal sealed class GatheredContent(ReadOnlyMemory<byte> bytes) : MessageContent
{
    /// <inheritdoc/>
    internal override FileResult CopyTo(MessageFile file) => file.Append(bytes.Span);
}

/// <summary>Content that was streamed into the first recipient's file, behind the fields that are that one's own.</summary>
/// <param name="source">The file; it stays open until every copy was made.</param>
/// <param name="start">Where the content starts in it.</param>
internal sealed class StreamedContent(MessageFile source, int start) : MessageContent
{
    private const int PieceSize = 64 * 1024;

    /// <inheritdoc/>
    internal override FileResult CopyTo(MessageFile file)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            for (long at = start; at < source.Length;)
            {
                var length = (int)Math.Min(piece.Length, source.Length - at);
                var read = source.Read(at, piece.AsSpan(0, length));
                if (!read.Ok)
                {
                    return read;
                }

                if (read.Value < length)
                {
                    // Somebody cut the file while we read it; what is left is not the message.
                    return FileResult.Failure(Postern.Posix.Errno.InputOutput);
                }

                var written = file.Append(piece.AsSpan(0, length));
                if (!written.Ok)
                {
                    return written;
                }

                at += length;
            }

            return FileResult.Of(0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
