namespace Postern.Ipc.Wire;

/// <summary>One message between two programs.</summary>
/// <typeparam name="TSelf">The message type itself.</typeparam>
public interface IFrame<TSelf>
    where TSelf : IFrame<TSelf>, allows ref struct
{
    /// <summary>The number that stands for this message on the wire; never reused for another.</summary>
    static abstract ushort Type { get; }

    /// <summary>Writes the fields.</summary>
    void Write(scoped in FrameWriter writer);

    /// <summary>Reads the fields; false when a byte is wrong, missing or left over.</summary>
    static abstract bool TryRead(ref FrameReader reader, out TSelf frame);
}
