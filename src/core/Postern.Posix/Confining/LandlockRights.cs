namespace Postern.Posix.Confining;

/// <summary>What Landlock lets a process do to files beneath a place (landlock(7)); the bits are the kernel's.</summary>
[Flags]
public enum LandlockRights : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Execute a file.</summary>
    Execute = 1 << 0,

    /// <summary>Open a file for writing.</summary>
    WriteFile = 1 << 1,

    /// <summary>Open a file for reading.</summary>
    ReadFile = 1 << 2,

    /// <summary>Open or list a folder.</summary>
    ReadFolder = 1 << 3,

    /// <summary>Remove a folder.</summary>
    RemoveFolder = 1 << 4,

    /// <summary>Remove or rename a file.</summary>
    RemoveFile = 1 << 5,

    /// <summary>Make a folder.</summary>
    MakeFolder = 1 << 7,

    /// <summary>Make a file.</summary>
    MakeFile = 1 << 8,

    /// <summary>Move or link a file from one folder to another (from version 2 on; before that nobody under Landlock may).</summary>
    Move = 1 << 13,

    /// <summary>Cut a file off (from version 3 on; before that nobody is kept from it).</summary>
    Truncate = 1 << 14,
}
