using System.Buffers.Binary;

namespace Postern.Posix.Files;

/// <summary>What kind of thing a name stands for.</summary>
public enum FileKind
{
    /// <summary>Anything that is not named below: a device, a pipe, a socket.</summary>
    Other,

    /// <summary>An ordinary file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,
}

/// <summary>What the system knows about a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its permission bits (07777).</param>
/// <param name="Uid">Its owner.</param>
/// <param name="Gid">Its group.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Allocated">The bytes that it takes on the disk.</param>
/// <param name="Inode">Its number within its file system.</param>
/// <param name="ModifiedSeconds">When its content last changed, in Unix seconds.</param>
/// <param name="ModifiedNanoseconds">The part of a second beyond them.</param>
public readonly record struct FileStatus(
    FileKind Kind, uint Mode, uint Uid, uint Gid, uint Links, long Size, long Allocated, ulong Inode, long ModifiedSeconds, uint ModifiedNanoseconds)
{
    /// <summary>sizeof(struct statx), which is the same on every machine; that is why statx is called and not stat.</summary>
    internal const int RawSize = 256;

    /// <summary>STATX_BASIC_STATS.</summary>
    internal const uint Mask = 0x7FF;

    /// <summary>Reads a struct statx.</summary>
    internal static FileStatus Read(ReadOnlySpan<byte> raw)
    {
        ushort mode = BinaryPrimitives.ReadUInt16LittleEndian(raw[28..]);
        return new FileStatus(
            (mode & 0xF000) switch
            {
                0x8000 => FileKind.Regular,
                0x4000 => FileKind.Directory,
                0xA000 => FileKind.Link,
                _ => FileKind.Other,
            },
            mode & 0xFFFu,
            BinaryPrimitives.ReadUInt32LittleEndian(raw[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(raw[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(raw[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(raw[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(raw[48..]) * 512,
            BinaryPrimitives.ReadUInt64LittleEndian(raw[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(raw[112..]), BinaryPrimitives.ReadUInt32LittleEndian(raw[120..]));
    }
}
