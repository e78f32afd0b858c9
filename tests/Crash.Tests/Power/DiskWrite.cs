namespace Postern.Crash.Power;

/// <summary>A write that a disk was given.</summary>
/// <param name="Offset">Where on the disk.</param>
/// <param name="Content">What.</param>
internal readonly record struct DiskWrite(long Offset, ReadOnlyMemory<byte> Content)
{
    /// <summary>How many sectors it has.</summary>
    internal int Sectors => Content.Length / SparseImage.Sector;

    /// <summary>What there is of it when only so many sectors got there.</summary>
    internal DiskWrite Torn(int sectors) => this with { Content = Content[..(sectors * SparseImage.Sector)] };

    /// <summary>It in pieces of eight sectors, which a disk may write in any order.</summary>
    internal IEnumerable<DiskWrite> Pieces()
    {
        const int piece = 8 * SparseImage.Sector;
        for (var at = 0; at < Content.Length; at += piece)
        {
            yield return new DiskWrite(Offset + at, Content.Slice(at, Math.Min(piece, Content.Length - at)));
        }
    }
}
