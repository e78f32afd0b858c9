namespace Postern.Dns.Tests;

/// <summary>A generator whose octets follow from a seed, so that a test can be repeated.</summary>
internal sealed class CountingRandom(ulong seed = 1) : IRandomSource
{
    private ulong _state = seed;

    public void Fill(Span<byte> octets)
    {
        // SplitMix64.
        for (int i = 0; i < octets.Length; i++)
        {
            unchecked
            {
                _state += 0x9e3779b97f4a7c15;
                ulong mixed = (_state ^ _state >> 30) * 0xbf58476d1ce4e5b9;
                mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
                octets[i] = (byte)(mixed >> 56);
            }
        }
    }
}
