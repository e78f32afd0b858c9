namespace Postern.Fuzz.Oracles;

/// <summary>Holds a parser to the rule that nothing is allocated on a stranger's word.</summary>
internal readonly struct Allocated
{
    // What a type allocates when it is used for the first time.
    private const long Slack = 256 * 1024;

    private readonly long _before;

    private Allocated(long before) => _before = before;

    internal static Allocated Begin() => new(GC.GetAllocatedBytesForCurrentThread());

    /// <summary>Fails when more was allocated since the beginning than so many bytes for each byte of the input.</summary>
    internal void Demand(int length, int perByte)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
        Oracles.Demand.That(allocated <= Slack + ((long)length * perByte), $"{length} bytes made it allocate {allocated}");
    }
}
