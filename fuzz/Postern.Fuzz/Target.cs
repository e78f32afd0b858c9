namespace Postern.Fuzz;

/// <summary>Runs a parser or a writer of ours on any bytes, and throws when something is not as it has to be.</summary>
public delegate void TargetRun(ReadOnlySpan<byte> input);

/// <summary>What is fuzzed under one name.</summary>
/// <param name="Name">Its name on the command line and that of its folder in <c>fuzz/corpus</c>.</param>
/// <param name="Run">One run.</param>
/// <param name="Oracle">What is demanded beyond "it does not throw".</param>
public sealed record Target(string Name, TargetRun Run, string Oracle)
{
    /// <summary>The longest input worth trying: somewhat beyond the parser's own limit.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>How many changed inputs ./test tries each time.</summary>
    public int Mutations { get; init; } = 2000;

    public override string ToString() => Name;
}
