using System.Runtime.InteropServices;

namespace Postern.Posix.Processes;

/// <summary>What a note of a scripted child says.</summary>
public enum ChildNoteKind
{
    /// <summary>Nothing: no note.</summary>
    None = 0,

    /// <summary>The script stopped at a call that did not do what was expected.</summary>
    Stopped = 1,

    /// <summary>The process that went on with the script has ended.</summary>
    Ended = 2,

    /// <summary>A greeting that the script wrote itself.</summary>
    Alive = 3,
}

/// <summary>What a scripted child says of itself, of a size that a pipe takes whole.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ChildNote : IEquatable<ChildNote>
{
    /// <summary>Its size on the wire.</summary>
    public const int Size = 24;

    private ChildNoteKind _kind;
    private int _call;
    private int _value;
    private readonly int _unused;
    private long _peak;

    /// <summary>What it says.</summary>
    public ChildNoteKind Kind { readonly get => _kind; init => _kind = value; }

    /// <summary>The place of the call that stopped it.</summary>
    public int Call { readonly get => _call; init => _call = value; }

    /// <summary>Its errno, 0 when it succeeded and must not; of an end the status as wait(2) gives it.</summary>
    public int Value { readonly get => _value; init => _value = value; }

    /// <summary>The largest resident set that the process had, in KiB.</summary>
    public long PeakKibibytes { readonly get => _peak; init => _peak = value; }

    /// <summary>Takes a note from its bytes, exactly <see cref="Size"/> of them.</summary>
    public static ChildNote Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<ChildNote>(bytes);

    /// <summary>The bytes of a note.</summary>
    public readonly byte[] ToBytes()
    {
        var bytes = new byte[Size];
        MemoryMarshal.Write(bytes, this);
        return bytes;
    }

    /// <inheritdoc/>
    public readonly bool Equals(ChildNote other) =>
        (_kind, _call, _value, _peak) == (other._kind, other._call, other._value, other._peak);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is ChildNote other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(_kind, _call, _value, _peak);

    /// <summary>True for the same notes.</summary>
    public static bool operator ==(ChildNote left, ChildNote right) => left.Equals(right);

    /// <summary>True for different notes.</summary>
    public static bool operator !=(ChildNote left, ChildNote right) => !left.Equals(right);
}
