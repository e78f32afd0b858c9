using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Ipc.Slices;

/// <summary>Builds a program's slice: one frame after another.</summary>
public sealed class SliceWriter
{
    private readonly ByteQueue _bytes = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Appends a frame.</summary>
    public void Add<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        var writer = new FrameWriter(_bytes, T.Type);
        frame.Write(writer);
        writer.End();
    }
}
