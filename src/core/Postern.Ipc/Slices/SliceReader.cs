using System.Buffers.Binary;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>Walks the frames of a slice.</summary>
public ref struct SliceReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first frame.</summary>
    public SliceReader(ReadOnlySpan<byte> slice) => _rest = slice;

    /// <summary>True when the last frame was taken and nothing is left over.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Takes the next frame; false at the end, or when the rest is not a frame (then <see cref="AtEnd"/> is false).</summary>
    public bool TryNext(out ushort type, out FrameReader reader)
    {
        type = 0;
        reader = default;
        if (_rest.Length < FrameLimits.HeaderSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        if (length > FrameLimits.MaxPayload || length > (uint)(_rest.Length - FrameLimits.HeaderSize))
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]);
        reader = new FrameReader(_rest.Slice(FrameLimits.HeaderSize, (int)length));
        _rest = _rest[(FrameLimits.HeaderSize + (int)length)..];
        return true;
    }
}
