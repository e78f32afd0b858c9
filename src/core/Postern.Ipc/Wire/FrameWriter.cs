using System.Buffers.Binary;
using System.Text;
using Postern.Loop;

namespace Postern.Ipc.Wire;

/// <summary>Writes the fields of one frame: little-endian numbers and length-prefixed byte strings.</summary>
public readonly ref struct FrameWriter
{
    private readonly ByteQueue _queue;
    private readonly int _start;

    /// <summary>Begins a frame at the back of a queue.</summary>
    public FrameWriter(ByteQueue queue, ushort type)
    {
        _queue = queue;
        _start = queue.Length;
        var header = queue.Reserve(FrameLimits.HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        queue.Advance(FrameLimits.HeaderSize);
    }

    private FrameWriter(ByteQueue queue) => _queue = queue;

    /// <summary>Writes bare fields without a frame around them, for a record that has its own; <see cref="End"/> is not called.</summary>
    public static FrameWriter Fields(ByteQueue queue) => new(queue);

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value)
    {
        _queue.Reserve(1)[0] = value;
        _queue.Advance(1);
    }

    /// <summary>Writes a yes or no.</summary>
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes two bytes.</summary>
    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_queue.Reserve(2), value);
        _queue.Advance(2);
    }

    /// <summary>Writes four bytes.</summary>
    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_queue.Reserve(4), value);
        _queue.Advance(4);
    }

    /// <summary>Writes eight bytes.</summary>
    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_queue.Reserve(8), value);
        _queue.Advance(8);
    }

    /// <summary>Writes a signed number of eight bytes, a moment or a duration.</summary>
    public void Int64(long value) => UInt64(unchecked((ulong)value));

    /// <summary>Writes a byte string after its length in two bytes.</summary>
    /// <param name="bytes">At most 65,535.</param>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        UInt16((ushort)bytes.Length);
        _queue.Append(bytes);
    }

    /// <summary>Writes text as UTF-8 after its length in two bytes.</summary>
    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        UInt16((ushort)length);
        Encoding.UTF8.GetBytes(text, _queue.Reserve(length));
        _queue.Advance(length);
    }

    /// <summary>Writes the frame's last field, which runs to its end.</summary>
    public void Rest(ReadOnlySpan<byte> bytes) => _queue.Append(bytes);

    /// <summary>Ends the frame: its length is known now.</summary>
    public void End()
    {
        var payload = _queue.Length - _start - FrameLimits.HeaderSize;
        if (payload > FrameLimits.MaxPayload)
        {
            throw new InvalidOperationException("A frame of ours is too large for its receiver.");
        }

        BinaryPrimitives.WriteInt32LittleEndian(_queue.At(_start, 4), payload);
    }
}
