namespace Postern.Mutants.Running;

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    /// <summary>No test reaches its place.</summary>
    Unreached,

    /// <summary>Tests ran through it and noticed nothing.</summary>
    Survived,

    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>A test hung, or ran far longer than it does.</summary>
    TimedOut,

    /// <summary>The process died.</summary>
    Crashed,
}

/// <summary>What became of a mutant, and by which test.</summary>
/// <param name="Fate">What.</param>
/// <param name="By">The test's name; empty when there is none.</param>
internal readonly record struct Verdict(Fate Fate, string By = "")
{
    public bool IsAlive => Fate is Fate.Unreached or Fate.Survived;
}
