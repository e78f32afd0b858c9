namespace Postern.Loop;

/// <summary>Buffers of one size, lent only while bytes are pending, so that an idle connection owns none.</summary>
public sealed class BufferPool
{
    /// <summary>Bytes per buffer: holds a pipelined group of commands or a small message in one read.</summary>
    public const int Size = 16 * 1024;

    /// <summary>Free buffers kept for reuse (4 MiB); what a burst needed beyond is left to the collector.</summary>
    private const int MaxKept = 256;

    private readonly Stack<byte[]> _free = new();

    /// <summary>Lends a buffer; its content is whatever was left in it.</summary>
    public byte[] Rent() => _free.TryPop(out var buffer) ? buffer : new byte[Size];

    /// <summary>Takes a lent buffer back.</summary>
    public void Return(byte[] buffer)
    {
        if (_free.Count < MaxKept && buffer.Length == Size)
        {
            _free.Push(buffer);
        }
    }
}
