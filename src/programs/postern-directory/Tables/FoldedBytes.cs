using Postern.Text;

namespace Postern.Directory.Tables;

/// <summary>Compares byte strings without ASCII case, and looks them up without a copy.</summary>
internal sealed class FoldedBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    /// <summary>The only one; it has no state.</summary>
    internal static readonly FoldedBytes Comparer = new();

    private FoldedBytes()
    {
    }

    /// <inheritdoc/>
    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Ascii.EqualsIgnoreCase(x, y));

    /// <inheritdoc/>
    public int GetHashCode(byte[] obj) => KeyedHash.IgnoreCase(obj);

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => Ascii.EqualsIgnoreCase(alternate, other);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => KeyedHash.IgnoreCase(alternate);

    /// <inheritdoc/>
    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
