using Postern.Posix.Processes;

namespace Postern.Posix.Confining;

/// <summary>Gives up what root has in parts (capabilities(7)).</summary>
public static unsafe class Capabilities
{
    private const int DropFromBounding = 24;
    private const int Ambient = 47;
    private const nuint ClearAmbient = 4;
    internal const uint Version3 = 0x20080522;
    private const int Sets = 6; // effective, permitted, inheritable: 32 bits each, twice

    /// <summary>Takes every capability out of the set that bounds what an executed file may give; only root can.</summary>
    public static void DropBounding()
    {
        for (nuint capability = 0; ProcessCalls.Control(DropFromBounding, capability, 0, 0, 0) == 0; capability++)
        {
        }
    }

    /// <summary>Empties this thread's own sets, the inheritable and ambient ones included; what it executes has none.</summary>
    public static CallResult DropAll()
    {
        _ = ProcessCalls.Control(Ambient, ClearAmbient, 0, 0, 0); // Before Linux 4.3 there was none.
        var header = stackalloc uint[2] { Version3, 0 };
        var sets = stackalloc uint[Sets] { 0, 0, 0, 0, 0, 0 };
        return ConfiningCalls.Make(ConfiningCalls.SetCapabilities, (nint)header, (nint)sets);
    }
}
