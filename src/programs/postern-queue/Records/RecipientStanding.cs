using Postern.Ipc.Wire;

namespace Postern.Queue.Records;

/// <summary>The stations of a recipient.</summary>
internal enum RecipientState : byte
{
    /// <summary>To be tried as soon as its turn comes.</summary>
    Ready = 0,

    /// <summary>To be tried at a given moment.</summary>
    Deferred = 1,

    /// <summary>Served, given up, expanded or removed: nothing is left to do.</summary>
    Done = 2,

    /// <summary>Given up; the sender is still owed a notification.</summary>
    Owed = 3,
}

/// <summary>How a recipient stands: what survives a restart.</summary>
/// <param name="State">Its station.</param>
/// <param name="Held">True while an administrator keeps it.</param>
/// <param name="Final">True for the target of an alias.</param>
/// <param name="List">True for the target of a list.</param>
/// <param name="Attempts">Attempts made.</param>
/// <param name="NextAttempt">Unix seconds of the next one when deferred.</param>
internal readonly record struct RecipientStanding(
    RecipientState State, bool Held, bool Final, bool List, ushort Attempts, uint NextAttempt)
{
    internal void Write(in FrameWriter writer)
    {
        writer.Byte((byte)State);
        writer.Flag(Held);
        writer.Flag(Final);
        writer.Flag(List);
        writer.UInt16(Attempts);
        writer.UInt32(NextAttempt);
    }

    internal static RecipientStanding Read(scoped ref FrameReader reader) => new(
        (RecipientState)reader.ByteUpTo((byte)RecipientState.Owed),
        reader.Flag(),
        reader.Flag(),
        reader.Flag(),
        reader.UInt16(),
        reader.UInt32());
}
