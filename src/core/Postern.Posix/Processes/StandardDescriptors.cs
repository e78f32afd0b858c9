namespace Postern.Posix.Processes;

/// <summary>Makes sure that descriptors 0, 1 and 2 are taken before anything else is opened.</summary>
public static class StandardDescriptors
{
    private const int Last = 2;

    /// <summary>Fills the gaps with /dev/null: a socket that landed on 2 would get our complaints.</summary>
    public static void Ensure()
    {
        while (!ReadOnlyFile.Open("/dev/null", out var opened).Failed)
        {
            if (opened!.Number > Last)
            {
                opened.Dispose();
                return;
            }

            // The number is meant to stay open as long as the process lives.
            _ = opened.Release();
        }
    }
}
