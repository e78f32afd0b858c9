using Postern.Cell.Arguments;
using Postern.Cell.Programs;

namespace Postern.Cell.Walls;

/// <summary>Descriptors that the program begins with, and those that its way there needs.</summary>
/// <param name="Input">Becomes its standard input.</param>
/// <param name="Output">Becomes its standard output.</param>
/// <param name="Error">Becomes its standard error.</param>
/// <param name="Report">Where the child writes notes.</param>
internal readonly record struct CellDescriptors(int Input, int Output, int Error, int Report);

/// <summary>Everything that is decided before a child is made.</summary>
internal sealed record CellPlan
{
    /// <summary>What the caller wants.</summary>
    internal required CellOrder Order { get; init; }

    /// <summary>What is executed.</summary>
    internal required FoundProgram Found { get; init; }

    /// <summary>The files that it gets.</summary>
    internal required IReadOnlyList<CellPlace> Places { get; init; }

    /// <summary>Whom it runs as.</summary>
    internal required CellUser User { get; init; }

    /// <summary>Its pipes.</summary>
    internal CellDescriptors Descriptors { get; init; }

    /// <summary>The namespaces that the child is born into (CLONE_NEW…); 0 for none.</summary>
    internal uint Namespaces { get; init; }

    /// <summary>The descriptor of Landlock's rules; −1 where there is no Landlock.</summary>
    internal int Rules { get; init; } = -1;

    /// <summary>Whether its processes can be counted: they are for each user, and where the user is not its alone his others would be, too.</summary>
    internal bool CountsProcesses => User.IsAlone || (Namespaces & Walls.Namespaces.Users) != 0;

    /// <summary>What the program's environment is.</summary>
    internal IReadOnlyList<string> Environment =>
        ["PATH=" + string.Join(':', ProgramSearch.Folders), "LANG=C.UTF-8", "HOME=/", "TMPDIR=/nonexistent", .. Order.Variables];
}
