using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Postern.Dns.Wire;

/// <summary>Reads a message, or one record's data within it, from front to back; every read says whether there was enough.</summary>
internal ref struct WireReader
{
    /// <summary>
    /// Compression pointers followed within one name. Each pointer must go further back than all before it, so reading ends in
    /// any case; real servers need one or two, and a name has at most 127 labels. The number is arbitrary.
    /// </summary>
    internal const int MaxPointers = 64;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _end;
    private int _at;

    internal WireReader(ReadOnlySpan<byte> message)
        : this(message, 0, message.Length)
    {
    }

    private WireReader(ReadOnlySpan<byte> message, int at, int end)
    {
        _message = message;
        _at = at;
        _end = end;
    }

    internal readonly bool AtEnd => _at == _end;

    internal readonly int Remaining => _end - _at;

    internal bool TryReadByte(out byte value)
    {
        value = 0;
        if (Remaining < 1)
            return false;
        value = _message[_at++];
        return true;
    }

    internal bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (Remaining < 2)
            return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(_message[_at..]);
        _at += 2;
        return true;
    }

    internal bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (Remaining < 4)
            return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(_message[_at..]);
        _at += 4;
        return true;
    }

    internal bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (Remaining < count)
            return false;
        bytes = _message.Slice(_at, count);
        _at += count;
        return true;
    }

    /// <summary>Splits off the next octets as a reader of their own, in which names may still point back into the whole message.</summary>
    internal bool TryReadPart(int count, out WireReader part)
    {
        part = default;
        if (Remaining < count)
            return false;
        part = new WireReader(_message, _at, _at + count);
        _at += count;
        return true;
    }

    /// <summary>Reads a name; hands back <paramref name="known"/> itself when the octets are the same, to save the memory.</summary>
    internal bool TryReadName(DnsName? known, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[DnsName.MaxWireLength];
        if (!TryCopyName(wire, out int length))
            return false;
        wire = wire[..length];
        name = known is not null && wire.SequenceEqual(known.Wire) ? known : new DnsName(wire.ToArray());
        return true;
    }

    internal bool TrySkipName()
    {
        Span<byte> wire = stackalloc byte[DnsName.MaxWireLength];
        return TryCopyName(wire, out _);
    }

    // RFC 1035 §4.1.4. A pointer must lead to before the stretch of labels that it ends ("a prior occurrence"): positions only
    // fall, so neither a loop nor a pointer to itself or forward is possible. The stretch in place must keep to this reader's
    // part; what a pointer leads to may lie anywhere in front of it, but not in the header.
    private bool TryCopyName(scoped Span<byte> wire, out int length)
    {
        length = 0;
        int at = _at, end = _end, stretch = _at, pointers = 0;
        while (at < end)
        {
            byte head = _message[at];
            if (head > DnsName.MaxLabelLength)
            {
                // Neither a label nor a pointer: the types of RFC 1035 §4.1.4 and RFC 6891 §5 that nobody uses.
                if (head < 0xc0 || at + 2 > end || ++pointers > MaxPointers)
                    return false;
                int target = (head & 0x3f) << 8 | _message[at + 1];
                if (target >= stretch || target < DnsHeader.Length)
                    return false;
                if (pointers == 1)
                    _at = at + 2;
                (at, stretch, end) = (target, target, _message.Length);
                continue;
            }
            if (at + 1 + head > end || length + 1 + head > DnsName.MaxWireLength)
                return false;
            _message.Slice(at, head + 1).CopyTo(wire[length..]);
            length += head + 1;
            at += head + 1;
            if (head != 0)
                continue;
            if (pointers == 0)
                _at = at;
            return true;
        }
        return false;
    }
}
