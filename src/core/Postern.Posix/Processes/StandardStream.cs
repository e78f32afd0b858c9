using Postern.Posix.Polling;

namespace Postern.Posix.Processes;

/// <summary>Standard output or standard error as a stream that writes bytes and nothing else.</summary>
/// <remarks>
/// The runtime's own sets a terminal up when it is first written to, with escape sequences of its own in front. A file's
/// stream would keep a position of its own and write over what another program puts into the same file. As with the
/// runtime's, nobody reading any more is no error: whoever ended the pipe has seen enough.
/// </remarks>
public sealed unsafe class StandardStream(int number) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nuint done = 0;
            while (done < (nuint)buffer.Length)
            {
                var result = CallResult.From(ProcessCalls.Write(number, start + done, (nuint)buffer.Length - done));
                if (!result.Failed)
                {
                    done += (nuint)result.Value;
                }
                else if (result.Error == Errno.BrokenPipe)
                {
                    return;
                }
                else if (result.WouldBlock)
                {
                    // Somebody who shares it made it non-blocking: wait, however long the reader takes.
                    DescriptorPoll.WaitWritable(number, -1);
                }
                else if (result.Error != Errno.Interrupted)
                {
                    throw new IOException(Errno.Describe(result.Error));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is kept back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
