using System.Text;

namespace Postern.Posix.Processes;

/// <summary>A NULL-ended array of NUL-ended strings, as exec wants arguments and environment.</summary>
internal sealed unsafe class TextVector
{
    private readonly byte[] _bytes;
    private readonly nint[] _pointers;

    internal TextVector(IReadOnlyList<string> texts)
    {
        var size = 0;
        foreach (var text in texts)
        {
            size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        // Pinned for good: a vector is made once per start of a program.
        _bytes = GC.AllocateArray<byte>(Math.Max(size, 1), pinned: true);
        _pointers = GC.AllocateArray<nint>(texts.Count + 1, pinned: true);
        var at = 0;
        fixed (byte* start = _bytes)
        {
            for (var i = 0; i < texts.Count; i++)
            {
                _pointers[i] = (nint)(start + at);
                at += Encoding.UTF8.GetBytes(texts[i], _bytes.AsSpan(at)) + 1;
            }
        }
    }

    /// <summary>The array; it never moves.</summary>
    internal byte** Start
    {
        get
        {
            fixed (nint* first = _pointers)
            {
                return (byte**)first;
            }
        }
    }
}
