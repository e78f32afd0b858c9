using System.Buffers.Binary;
using Postern.Posix;

namespace Postern.Dns;

/// <summary>Where identifiers, letter cases and the order of equals come from; tests hand in their own.</summary>
public interface IRandomSource
{
    /// <summary>Fills all octets with ones that nobody can predict.</summary>
    void Fill(Span<byte> octets);
}

/// <summary>The system's cryptographic generator: a forger must not be able to work out the next identifier from the last ones.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    public void Fill(Span<byte> octets) => RandomBytes.Fill(octets);
}

/// <summary>Random order.</summary>
internal static class RandomOrder
{
    /// <summary>Puts the items into an order in which each is equally likely (Fisher and Yates).</summary>
    internal static void Shuffle<T>(this IRandomSource random, Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    // The remainder of 2^32 by at most some hundreds favours the low numbers by less than one in four million: no matter here.
    private static int Below(this IRandomSource random, int limit)
    {
        Span<byte> octets = stackalloc byte[4];
        random.Fill(octets);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(octets) % (uint)limit);
    }
}
