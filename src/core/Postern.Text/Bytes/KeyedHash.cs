using System.Buffers.Binary;
using System.Numerics;

namespace Postern.Text;

/// <summary>SipHash-1-3 under a key drawn at the start of the process, for tables whose keys a peer may choose.</summary>
/// <remarks>
/// A peer that could predict the hash would fill one bucket and make each look-up as slow as the whole table. The
/// construction is that of Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with one round per block and
/// three at the end, as other languages' hash tables use it.
/// </remarks>
public static class KeyedHash
{
    private static readonly (ulong First, ulong Second) s_key = DrawKey();

    /// <summary>The hash of the bytes as they are.</summary>
    public static int Of(ReadOnlySpan<byte> bytes) => Fold(Compute(bytes, s_key, ignoreCase: false));

    /// <summary>The same hash for texts that <see cref="Ascii.EqualsIgnoreCase"/> calls equal.</summary>
    public static int IgnoreCase(ReadOnlySpan<byte> bytes) => Fold(Compute(bytes, s_key, ignoreCase: true));

    internal static ulong Compute(ReadOnlySpan<byte> bytes, (ulong First, ulong Second) key, bool ignoreCase)
    {
        var state = new State(key);
        Span<byte> block = stackalloc byte[8];
        byte length = unchecked((byte)bytes.Length);
        while (bytes.Length >= 8)
        {
            Load(bytes[..8], block, ignoreCase);
            state.Mix(BinaryPrimitives.ReadUInt64LittleEndian(block));
            bytes = bytes[8..];
        }
        block.Clear();
        Load(bytes, block, ignoreCase);
        block[7] = length;
        state.Mix(BinaryPrimitives.ReadUInt64LittleEndian(block));
        return state.Finish();
    }

    private static void Load(ReadOnlySpan<byte> from, Span<byte> block, bool ignoreCase)
    {
        from.CopyTo(block);
        if (ignoreCase) Ascii.ToLowerInPlace(block[..from.Length]);
    }

    private static int Fold(ulong hash) => unchecked((int)(hash ^ (hash >> 32)));

    private static (ulong First, ulong Second) DrawKey()
    {
        // Of each half 60 bits are random, the rest says the version: enough for a key that dies with the process. The
        // framework's generator proper would load OpenSSL for them.
        Span<byte> random = stackalloc byte[32];
        _ = Guid.NewGuid().TryWriteBytes(random);
        _ = Guid.NewGuid().TryWriteBytes(random[16..]);
        return (BinaryPrimitives.ReadUInt64LittleEndian(random), BinaryPrimitives.ReadUInt64LittleEndian(random[16..]));
    }

    /// <summary>The four words of the construction.</summary>
    private struct State((ulong First, ulong Second) key)
    {
        private ulong _v0 = key.First ^ 0x736f6d6570736575;
        private ulong _v1 = key.Second ^ 0x646f72616e646f6d;
        private ulong _v2 = key.First ^ 0x6c7967656e657261;
        private ulong _v3 = key.Second ^ 0x7465646279746573;

        public void Mix(ulong word)
        {
            _v3 ^= word;
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            unchecked
            {
                _v0 += _v1;
                _v2 += _v3;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v1;
                _v0 += _v3;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
