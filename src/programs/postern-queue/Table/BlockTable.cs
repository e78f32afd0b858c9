using System.Numerics;

namespace Postern.Queue.Table;

/// <summary>A table of entries that grows by blocks, so that growing never copies and never needs twice the memory.</summary>
/// <remarks>
/// Runs of entries have room for a power of two of them and are used again for that size only. So the table is never larger
/// than what each of the few sizes once needed, added up, whatever the order in which runs come and go.
/// </remarks>
/// <typeparam name="T">An entry: a plain struct.</typeparam>
internal sealed class BlockTable<T>
    where T : struct
{
    private const int BlockBits = 12;
    private const int BlockSize = 1 << BlockBits;

    private readonly List<T[]> _blocks = [];
    private readonly Stack<int>[] _free = [.. Enumerable.Range(0, 31).Select(static _ => new Stack<int>())];

    /// <summary>Entries in use.</summary>
    internal int Count { get; private set; }

    /// <summary>Every index below this one was in use at some time.</summary>
    internal int Bound { get; private set; }

    /// <summary>How often an entry was looked at; tests show by it what work grows with.</summary>
    internal long Looks { get; private set; }

    /// <summary>An entry, in place.</summary>
    internal ref T this[int index]
    {
        get
        {
            Looks++;
            return ref _blocks[index >> BlockBits][index & (BlockSize - 1)];
        }
    }

    /// <summary>Takes entries that lie side by side; what they hold is what was last there.</summary>
    /// <returns>The first one's index.</returns>
    internal int Add(int count)
    {
        Count += count;
        if (_free[SizeOf(count)].TryPop(out var first))
        {
            return first;
        }

        first = Bound;
        Bound += 1 << SizeOf(count);
        while (_blocks.Count << BlockBits < Bound)
        {
            _blocks.Add(new T[BlockSize]);
        }

        return first;
    }

    /// <summary>Gives entries back.</summary>
    internal void Remove(int first, int count)
    {
        Count -= count;
        _free[SizeOf(count)].Push(first);
    }

    private static int SizeOf(int count) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count));
}
