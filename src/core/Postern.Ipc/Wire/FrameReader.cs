using System.Buffers.Binary;

namespace Postern.Ipc.Wire;

/// <summary>Reads the fields of one frame; the first that does not fit spoils the rest.</summary>
/// <remarks>
/// Every read of variable length takes its maximum. Callers read all fields and then ask <see cref="End"/>: only a frame
/// that held exactly them is good. After a fault every read returns nothing, so no check is needed in between.
/// </remarks>
public ref struct FrameReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _bad;

    /// <summary>Starts at the first byte of a payload.</summary>
    public FrameReader(ReadOnlySpan<byte> payload) => _rest = payload;

    /// <summary>True while something is left and nothing was wrong.</summary>
    public readonly bool HasMore => !_bad && !_rest.IsEmpty;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1) is { IsEmpty: false } taken ? taken[0] : (byte)0;

    /// <summary>Reads a byte that must be at most <paramref name="last"/>: the value of an enum without gaps.</summary>
    public byte ByteUpTo(byte last)
    {
        var value = Byte();
        _bad |= value > last;
        return _bad ? (byte)0 : value;
    }

    /// <summary>Reads a yes or no; any third value is a fault.</summary>
    public bool Flag() => ByteUpTo(1) == 1;

    /// <summary>Reads two bytes.</summary>
    public ushort UInt16() => Take(2) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt16LittleEndian(taken) : (ushort)0;

    /// <summary>Reads four bytes.</summary>
    public uint UInt32() => Take(4) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt32LittleEndian(taken) : 0;

    /// <summary>Reads four bytes that must be at most <paramref name="maximum"/>.</summary>
    public int Count(int maximum)
    {
        var value = UInt32();
        _bad |= value > (uint)maximum;
        return _bad ? 0 : (int)value;
    }

    /// <summary>Reads eight bytes.</summary>
    public ulong UInt64() => Take(8) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt64LittleEndian(taken) : 0;

    /// <summary>Reads a signed number of eight bytes.</summary>
    public long Int64() => unchecked((long)UInt64());

    /// <summary>Reads a byte string of at most <paramref name="maximum"/> bytes; valid as long as the frame is.</summary>
    public ReadOnlySpan<byte> Bytes(int maximum)
    {
        int length = UInt16();
        _bad |= length > maximum;
        return Take(length);
    }

    /// <summary>Reads ASCII text of at most <paramref name="maximum"/> bytes; control bytes are a fault.</summary>
    public string Text(int maximum)
    {
        var bytes = Bytes(maximum);
        _bad |= bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e);
        return _bad ? string.Empty : System.Text.Encoding.ASCII.GetString(bytes);
    }

    /// <summary>Reads what is left, at most <paramref name="maximum"/> bytes.</summary>
    public ReadOnlySpan<byte> Rest(int maximum)
    {
        _bad |= _rest.Length > maximum;
        return Take(_rest.Length);
    }

    /// <summary>Reads a given number of bytes.</summary>
    public ReadOnlySpan<byte> Next(int length) => Take(length);

    /// <summary>Marks the frame as bad: a field had an illegal value.</summary>
    public void Fail() => _bad = true;

    /// <summary>True when every field fitted and nothing is left over.</summary>
    public readonly bool End() => !_bad && _rest.IsEmpty;

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_bad || _rest.Length < length)
        {
            _bad = true;
            return default;
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
