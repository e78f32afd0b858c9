using System.Buffers.Binary;

namespace Postern.Posix.Files;

/// <content>Names and listings.</content>
public sealed unsafe partial class DirectoryHandle
{
    /// <summary>The longest name in a directory, with room for a NUL (NAME_MAX is 255).</summary>
    private const int MaxName = 256;

    private const int EntryHeader = 19;
    private const int LengthAt = 16;
    private const int TypeAt = 18;

    /// <summary>Stands for a name that was not even shown to the system.</summary>
    private const long Refused = long.MinValue;

    private static FileResult BadName => FileResult.Failure(FileCalls.Errno.InvalidArgument);

    /// <summary>Receives one entry of a listing.</summary>
    /// <param name="name">Its name, valid during the call.</param>
    /// <param name="kind">What it is, as far as the file system says so in a listing; else Other.</param>
    public delegate void EntryVisitor(ReadOnlySpan<byte> name, FileKind kind);

    /// <summary>Lists the directory without "." and "..", in no order.</summary>
    /// <returns>How many entries there were; after a failure some of them may have been shown.</returns>
    public FileResult List(EntryVisitor visitor)
    {
        const int BufferSize = 32 * 1024;
        byte[] buffer = new byte[BufferSize];
        long count = 0;
        fixed (byte* first = buffer)
        {
            if (FileCalls.Seek(_number, 0, 0) < 0) return FileCalls.Judge(-1);
            while (true)
            {
                nint read = FileCalls.Entries(_number, first, BufferSize);
                if (read < 0) return FileCalls.Judge(read);
                if (read == 0) return FileResult.Of(count);
                count += Show(buffer.AsSpan(0, (int)read), visitor);
            }
        }
    }

    private static long Show(ReadOnlySpan<byte> entries, EntryVisitor visitor)
    {
        long count = 0;
        while (entries.Length > EntryHeader)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(entries[LengthAt..]);
            var name = entries[EntryHeader..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                visitor(name, entries[TypeAt] switch
                {
                    8 => FileKind.Regular,
                    4 => FileKind.Directory,
                    10 => FileKind.Link,
                    _ => FileKind.Other,
                });
                count++;
            }
            entries = entries[length..];
        }
        return count;
    }

    /// <summary>One part only, and not one of the two that lead elsewhere.</summary>
    private static bool TryName(ReadOnlySpan<byte> name, Span<byte> path) =>
        !name.Contains((byte)'/') && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && PathBytes.TryTerminate(name, path);

    private static FileResult Opened(long returned, out DirectoryHandle? directory)
    {
        var result = ToResult(returned);
        directory = result.Ok ? new DirectoryHandle((int)returned) : null;
        return result;
    }

    /// <summary>Turns what <see cref="OpenBeneath"/> returned into a result.</summary>
    private static FileResult ToResult(long returned) => returned == Refused ? BadName : FileCalls.Judge(returned);

    private long OpenBeneath(ReadOnlySpan<byte> name, int flags, uint mode)
    {
        Span<byte> path = stackalloc byte[PathBytes.MaxPath];
        if (!PathBytes.TryTerminate(name, path)) return Refused;
        var how = new FileCalls.OpenHow
        {
            Flags = (uint)(flags | FileCalls.CloseOnExec | FileCalls.NoFollow),
            Mode = mode,
            Resolve = FileCalls.Beneath,
        };
        long returned;
        fixed (byte* first = path)
        {
            do returned = FileCalls.OpenAt2(_number, first, &how);
            while (FileCalls.Again(returned));
        }
        return returned;
    }

    private FileResult Remove(ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> path = stackalloc byte[MaxName];
        if (!TryName(name, path)) return BadName;
        fixed (byte* first = path) return FileCalls.Judge(FileCalls.Unlink(_number, first, flags));
    }
}
