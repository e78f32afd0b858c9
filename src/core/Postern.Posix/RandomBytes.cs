using System.Runtime.InteropServices;

namespace Postern.Posix;

/// <summary>Bytes that nobody can predict, from the kernel itself.</summary>
/// <remarks>
/// The framework's generator does the same through OpenSSL, which it loads at the first use: five megabytes of somebody
/// else's code in programs that have no use for it, and nothing that a confined program could load any more.
/// </remarks>
public static unsafe partial class RandomBytes
{
    // getrandom(2) never gives less of this many or fewer, whatever signal comes.
    private const int Whole = 256;

    /// <summary>Fills all octets.</summary>
    /// <exception cref="InvalidOperationException">The kernel refused; it never does, once it has started.</exception>
    public static void Fill(Span<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var piece = octets[..Math.Min(octets.Length, Whole)];
            fixed (byte* start = piece)
            {
                var result = CallResult.From(GetRandom(start, (nuint)piece.Length, 0));
                if (result.Failed && result.Error != Errno.Interrupted)
                {
                    throw new InvalidOperationException($"getrandom: {result}");
                }

                octets = octets[(result.Failed ? 0 : result.Value)..];
            }
        }
    }

    /// <summary>So many octets.</summary>
    public static byte[] Take(int count)
    {
        var octets = new byte[count];
        Fill(octets);
        return octets;
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(byte* buffer, nuint length, uint flags);
}
