namespace Postern.Cell.Arguments;

/// <summary>What the caller wants: a program, and what it may have.</summary>
internal sealed record CellOrder
{
    /// <summary>One message's filter has an answer by then, or never: a minute, as long as an impatient client waits.</summary>
    internal const int DefaultSeconds = 60;

    /// <summary>Arbitrary: what an interpreter with a large message in hand needs, several times.</summary>
    internal const long DefaultMemory = 512L << 20;

    /// <summary>Arbitrary: twice a large message.</summary>
    internal const long DefaultOutput = 100L << 20;

    /// <summary>The program's name or path, as given.</summary>
    internal required string Program { get; init; }

    /// <summary>Its arguments after the name.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long it may take by the clock, and how much processor time each of its processes.</summary>
    internal int Seconds { get; init; } = DefaultSeconds;

    /// <summary>How much memory each of its processes may have, in bytes.</summary>
    internal long Memory { get; init; } = DefaultMemory;

    /// <summary>How many addresses each may take without memory behind them; null for as many as <see cref="Memory"/>.</summary>
    internal long? Reserve { get; init; }

    /// <summary>How much it may write, to standard output and to standard error each, in bytes.</summary>
    internal long Output { get; init; } = DefaultOutput;

    /// <summary>How many processes and threads it may be; 0 for one process.</summary>
    internal int Processes { get; init; }

    /// <summary>Files and folders that it may read.</summary>
    internal IReadOnlyList<string> Readable { get; init; } = [];

    /// <summary>What is added to its environment, <c>NAME=value</c>.</summary>
    internal IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>True to run nothing where a wall is missing.</summary>
    internal bool Strict { get; init; }

    /// <summary>The descriptor that gets the report as a line of JSON; null for none.</summary>
    internal int? Report { get; init; }
}
