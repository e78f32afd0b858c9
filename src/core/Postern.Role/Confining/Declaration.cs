namespace Postern.Role.Confining;

/// <summary>How a program deals with files once it runs.</summary>
[Flags]
public enum FileUse
{
    /// <summary>Not at all: it can't open one.</summary>
    None = 0,

    /// <summary>Opens files to read them, and looks at them.</summary>
    Read = 1,

    /// <summary>Writes, makes, moves and removes files.</summary>
    Change = 2,

    /// <summary>Makes folders.</summary>
    MakeFolders = 4,

    /// <summary>Moves files from one folder to another.</summary>
    Move = 8,

    /// <summary>Opens folders, to list them and to reach what is beneath.</summary>
    List = 16,
}

/// <summary>The sockets that a program makes or takes itself, besides the channels that it is handed.</summary>
[Flags]
public enum SocketUse
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Takes connections on listening sockets that it is handed.</summary>
    Accept = 1,

    /// <summary>Connects to other hosts by TCP.</summary>
    Tcp = 2,

    /// <summary>Asks name servers by UDP.</summary>
    Udp = 4,

    /// <summary>Connects to Unix sockets of this host.</summary>
    Unix = 8,

    /// <summary>Makes pairs of sockets, and hands them and others to another program.</summary>
    HandOver = 16,

    /// <summary>Takes sockets that another program hands over.</summary>
    TakeOver = 32,
}

/// <summary>A place in the file system, and what may be done to what lies beneath.</summary>
/// <param name="Path">The folder or file; one that is not there when the program starts grants nothing.</param>
/// <param name="Use">What may be done.</param>
public sealed record Place(string Path, FileUse Use);

/// <summary>The places that a program's slice names; an unreadable slice names none, and the program will say so itself.</summary>
public delegate IReadOnlyList<Place> PlacesOfSlice(ReadOnlySpan<byte> slice);

/// <summary>The sockets that a program's slice asks for; an unreadable slice asks for none.</summary>
public delegate SocketUse SocketsOfSlice(ReadOnlySpan<byte> slice);

/// <summary>What a program may do, said once in a file of its own, which the tests compile in; the kernel refuses it everything else.</summary>
/// <remarks>docs/protection.md says what stands behind each word, and what an older kernel leaves out.</remarks>
public sealed record Declaration
{
    /// <summary>Nothing but talk over what it is handed.</summary>
    public static readonly Declaration Nothing = new();

    /// <summary>How it deals with files, whatever any slice says.</summary>
    public FileUse Files { get; init; }

    /// <summary>Where, as far as the slice says it, and how besides; null when it says nothing.</summary>
    public PlacesOfSlice? Places { get; init; }

    /// <summary>Where, whatever any slice says.</summary>
    public IReadOnlyList<Place> FixedPlaces { get; init; } = [];

    /// <summary>The sockets that it makes or takes.</summary>
    public SocketUse Sockets { get; init; }

    /// <summary>Those that it makes besides, as far as the slice says it; null when it says nothing.</summary>
    public SocketsOfSlice? SocketsOf { get; init; }
}
