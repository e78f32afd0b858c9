namespace Postern.Loop;

/// <summary>Bytes that wait to be sent or understood: appended at the back, taken from the front, contiguous throughout.</summary>
/// <remarks>An empty queue owns no more than one buffer of <see cref="KeptSize"/>; what a burst made it grow to is let go when it empties.</remarks>
/// <param name="firstSize">The length of that small buffer.</param>
public sealed class ByteQueue(int firstSize = 4 * 1024)
{
    /// <summary>What is kept: a window of content and the frames around it fit. Let go each time, it would be made anew, step by
    /// step, for every window, and be garbage that the collector leaves lying for long.</summary>
    private const int KeptSize = 512 * 1024;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Bytes waiting.</summary>
    public int Length => _end - _start;

    /// <summary>The waiting bytes; valid until the next change.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>The waiting bytes, for an operation that outlives the call; nothing may be appended meanwhile.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(_start, Length);

    /// <summary>Room of at least <paramref name="least"/> bytes at the back, to be filled and then <see cref="Advance"/>d over.</summary>
    public Span<byte> Reserve(int least)
    {
        if (_bytes.Length - _end < least)
        {
            MakeRoom(least);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Says that this many bytes of the room were filled.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Appends a copy of the bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _end += bytes.Length;
    }

    /// <summary>Bytes that were appended already, counted from the front, to be overwritten in place.</summary>
    public Span<byte> At(int offset, int length) => _bytes.AsSpan(_start, Length).Slice(offset, length);

    /// <summary>Takes bytes off the front.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
            if (_bytes.Length > KeptSize)
            {
                _bytes = [];
            }
        }
    }

    private void MakeRoom(int least)
    {
        var length = Length;
        if (_bytes.Length - length >= least && _start >= length)
        {
            // Moving costs no more than was consumed since the last move.
            _bytes.AsSpan(_start, length).CopyTo(_bytes);
        }
        else
        {
            var size = Math.Max(_bytes.Length, firstSize);
            while (size - length < least)
            {
                size *= 2;
            }

            var larger = new byte[size];
            _bytes.AsSpan(_start, length).CopyTo(larger);
            _bytes = larger;
        }

        _start = 0;
        _end = length;
    }
}
