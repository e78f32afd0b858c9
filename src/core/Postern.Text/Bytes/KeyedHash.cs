using System.Runtime.InteropServices;

namespace Postern.Text;

/// <summary>A hash that nobody outside can predict, for tables whose keys a peer may choose.</summary>
/// <remarks>
/// A peer that could predict it would fill one bucket and make each look-up as slow as the whole table. The runtime hashes
/// texts so, under a key that it draws at the start of the process; bytes are handed to it two to a character.
/// </remarks>
public static class KeyedHash
{
    private const int BlockSize = 256;

    /// <summary>The hash of the bytes as they are.</summary>
    public static int Of(ReadOnlySpan<byte> bytes) => Compute(bytes, ignoreCase: false);

    /// <summary>The same hash for texts that <see cref="Ascii.EqualsIgnoreCase"/> calls equal.</summary>
    public static int IgnoreCase(ReadOnlySpan<byte> bytes) => Compute(bytes, ignoreCase: true);

    private static int Compute(ReadOnlySpan<byte> bytes, bool ignoreCase)
    {
        // The length counts, as an odd byte is made whole by a zero.
        var hash = bytes.Length;
        Span<byte> block = stackalloc byte[BlockSize];
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, BlockSize);
            bytes[..length].CopyTo(block);
            if (ignoreCase) Ascii.ToLowerInPlace(block[..length]);
            if (length % 2 == 1) block[length] = 0;
            hash = unchecked((hash * 31) + string.GetHashCode(MemoryMarshal.Cast<byte, char>(block[..(length + (length % 2))])));
            bytes = bytes[length..];
        }
        return hash;
    }
}
