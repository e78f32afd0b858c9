using System.Buffers.Binary;
using System.Text;

namespace Postern.Cell.Tests.Programs;

/// <summary>Native programs as far as their heads go.</summary>
internal static class Elf
{
    internal const string Loader = "/lib64/ld-linux-x86-64.so.2";

    /// <summary>One of x86-64 with a loader, as linkers write it.</summary>
    internal static byte[] Of(string loader = Loader)
    {
        var name = Encoding.ASCII.GetBytes(loader + "\0");
        var file = new byte[64 + (2 * 56) + name.Length + 100];
        "\u007fELF"u8.CopyTo(file);
        (file[4], file[5], file[6]) = (2, 1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 62);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(64), 6);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(120), 3);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(128), 176);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(152), (ulong)name.Length);
        name.CopyTo(file.AsSpan(176));
        return file;
    }
}
