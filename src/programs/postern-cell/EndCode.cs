namespace Postern.Cell;

/// <summary>Exit codes of the cell itself: those of sysexits.h, of shells (126, 127), of timeout(1) (124), and two beside that.</summary>
internal static class EndCode
{
    internal const int Usage = 64;
    internal const int NoInput = 66;
    internal const int Software = 70;
    internal const int NoWalls = 71;
    internal const int InputOutput = 74;
    internal const int OutputLimit = 122;
    internal const int MemoryLimit = 123;
    internal const int TimeLimit = 124;
    internal const int NotExecutable = 126;
    internal const int NotFound = 127;

    /// <summary>What a shell adds to the number of a signal that ended a program.</summary>
    internal const int Signalled = 128;
}
