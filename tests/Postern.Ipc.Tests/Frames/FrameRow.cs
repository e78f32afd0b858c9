using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Ipc.Tests.Frames;

/// <summary>One frame: its number, its fields on the wire, and what reading and writing it does.</summary>
/// <param name="Name">The type's name.</param>
/// <param name="Type">The number by docs/ipc.md.</param>
/// <param name="Own">The number that the type itself gives.</param>
/// <param name="Layout">The fields on the wire.</param>
/// <param name="Read">The values of its properties, in the order of the wire; null when it is refused.</param>
/// <param name="Rewrite">What is written of what was read.</param>
internal sealed record FrameRow(
    string Name, ushort Type, Func<ushort> Own, Layout Layout, Func<byte[], object[]?> Read, Func<byte[], byte[]> Rewrite)
{
    /// <summary>The values of a frame's properties, in the order of the wire.</summary>
    internal delegate object[] Values<T>(T frame)
        where T : allows ref struct;

    /// <summary>Makes a row.</summary>
    internal static FrameRow Of<T>(ushort type, string layout, Values<T> values)
        where T : IFrame<T>, allows ref struct => new(typeof(T).Name, type, static () => T.Type, new Layout(layout), Reader(values), Rewritten<T>);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static Func<byte[], object[]?> Reader<T>(Values<T> values)
        where T : IFrame<T>, allows ref struct => payload =>
        {
            var reader = new FrameReader(payload);
            return T.TryRead(ref reader, out var frame) ? values(frame) : null;
        };

    private static byte[] Rewritten<T>(byte[] payload)
        where T : IFrame<T>, allows ref struct
    {
        var reader = new FrameReader(payload);
        Assert.True(T.TryRead(ref reader, out var frame));
        var queue = new ByteQueue();
        frame.Write(FrameWriter.Fields(queue));
        return queue.Span.ToArray();
    }
}
