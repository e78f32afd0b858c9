namespace Postern.Posix.Processes;

/// <summary>An unnamed file in memory that passes a block of bytes between processes, sealed before anyone trusts it.</summary>
public static unsafe class MemoryFile
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int Seals = 0x1 | 0x2 | 0x4 | 0x8; // no more seals, no shrinking, no growing, no writing

    /// <summary>Creates an empty one.</summary>
    public static CallResult Create(out Descriptor? file)
    {
        fixed (byte* name = "slice\0"u8)
        {
            var result = CallResult.From(ProcessCalls.CreateMemory(name, CloseOnExec | AllowSealing));
            file = result.Failed ? null : new Descriptor(result.Value);
            return result;
        }
    }

    /// <summary>Freezes the content for good; fails with EBUSY or EPERM when it can still be changed.</summary>
    public static CallResult Seal(int fd) => CallResult.From(ProcessCalls.FileControl(fd, AddSeals, Seals));

    /// <summary>Appends bytes; a short write is continued.</summary>
    public static CallResult Append(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nuint done = 0;
            while (done < (nuint)bytes.Length)
            {
                var result = CallResult.From(ProcessCalls.Write(fd, start + done, (nuint)bytes.Length - done));
                if (result.Failed && result.Error != Errno.Interrupted)
                {
                    return result;
                }

                done += result.Failed ? 0 : (nuint)result.Value;
            }

            return CallResult.Of(0);
        }
    }

    /// <summary>Reads the content, as much as the buffer takes.</summary>
    /// <param name="fd">The file; its position is left alone.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="offset">Where to begin.</param>
    /// <returns>How many bytes were read, or the errno.</returns>
    public static CallResult Read(int fd, Span<byte> buffer, long offset = 0)
    {
        fixed (byte* start = buffer)
        {
            CallResult result;
            do
            {
                result = CallResult.From(ProcessCalls.ReadAt(fd, start, (nuint)buffer.Length, offset));
            }
            while (result.Error == Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Reads the whole content.</summary>
    /// <param name="fd">The file; its position is left alone.</param>
    /// <param name="maximum">More than this many bytes is a failure (EINVAL).</param>
    /// <param name="content">What it holds; empty after a failure.</param>
    public static CallResult ReadAll(int fd, int maximum, out byte[] content)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        content = [];
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var result = Read(fd, buffer.AsSpan(length), length);
            length += result.Failed ? 0 : result.Value;
            if (result.Failed || length > maximum)
            {
                return result.Failed ? result : CallResult.Failure(Errno.InvalidArgument);
            }

            if (result.Value == 0)
            {
                content = buffer.AsSpan(0, length).ToArray();
                return CallResult.Of(0);
            }
        }
    }
}
