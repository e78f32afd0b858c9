namespace Postern.Fuzz.Oracles;

/// <summary>Cuts an input as a network might.</summary>
internal static class Pieces
{
    private const uint Prime = 16777619;

    /// <summary>Runs the input whole, one byte at a time, and in pieces that depend on its bytes; the outcome has to stay the same.</summary>
    /// <param name="input">The bytes of one case.</param>
    /// <param name="run">Makes a fresh reader, feeds it the pieces in order and tells what came out.</param>
    internal static T SameHoweverCut<T>(ReadOnlySpan<byte> input, Func<IReadOnlyList<byte[]>, T> run)
    {
        byte[] bytes = input.ToArray();
        T whole = run([bytes]);
        Demand.Equal(whole, run([.. bytes.Chunk(1)]), "one byte at a time");
        Demand.Equal(whole, run(Of(bytes)), "in pieces");
        return whole;
    }

    /// <summary>Pieces of odd lengths, the same for the same input.</summary>
    internal static IReadOnlyList<byte[]> Of(byte[] bytes)
    {
        uint state = 2166136261;
        foreach (byte value in bytes) state = unchecked((state ^ value) * Prime);
        List<byte[]> pieces = [];
        for (int at = 0; at < bytes.Length;)
        {
            state = unchecked((state * 1664525) + 1013904223);
            int length = Math.Min((int)(state >> 16) % ((state & 0x300) == 0 ? 700 : 9), bytes.Length - at);
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }
        return pieces;
    }
}
