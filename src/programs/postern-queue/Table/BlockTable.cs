namespace Postern.Queue.Table;

/// <summary>A table of entries that grows by blocks, so that growing never copies and never needs twice the memory.</summary>
/// <typeparam name="T">An entry: a plain struct.</typeparam>
internal sealed class BlockTable<T>
    where T : struct
{
    private const int BlockBits = 12;
    private const int BlockSize = 1 << BlockBits;

    private readonly List<T[]> _blocks = [];
    private readonly Stack<int> _free = new();
    private int _used;

    /// <summary>Entries in use.</summary>
    internal int Count => _used - _free.Count;

    /// <summary>Every index below this one was in use at some time.</summary>
    internal int Bound => _used;

    /// <summary>An entry, in place.</summary>
    internal ref T this[int index] => ref _blocks[index >> BlockBits][index & (BlockSize - 1)];

    /// <summary>Takes an entry; its content is the default.</summary>
    internal int Add()
    {
        if (_free.TryPop(out var index))
        {
            return index;
        }

        if (_used == _blocks.Count << BlockBits)
        {
            _blocks.Add(new T[BlockSize]);
        }

        return _used++;
    }

    /// <summary>Gives an entry back.</summary>
    internal void Remove(int index)
    {
        this[index] = default;
        _free.Push(index);
    }
}
