using System.Buffers.Binary;

namespace Postern.Fuzz.Oracles;

/// <summary>Takes an input apart into choices, for targets that are told what to build; behind its end everything is zero.</summary>
internal ref struct InputReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    internal readonly bool AtEnd => _rest.IsEmpty;

    internal byte Byte()
    {
        byte value = _rest.IsEmpty ? (byte)0 : _rest[0];
        _rest = _rest.IsEmpty ? _rest : _rest[1..];
        return value;
    }

    internal int Below(int bound) => bound <= 256 ? Byte() % bound : (int)(UInt32() % (uint)bound);

    internal bool Flag() => (Byte() & 1) == 1;

    internal uint UInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        var taken = Take(4);
        taken.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal ulong UInt64() => ((ulong)UInt32() << 32) | UInt32();

    /// <summary>A byte that says how many, and as many bytes as there are.</summary>
    internal ReadOnlySpan<byte> Text() => Take(Byte());

    internal ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..Math.Min(count, _rest.Length)];
        _rest = _rest[taken.Length..];
        return taken;
    }

    internal ReadOnlySpan<byte> Rest() => Take(_rest.Length);
}
