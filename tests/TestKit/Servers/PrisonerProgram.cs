namespace Postern.TestKit.Servers;

/// <summary>The child of tests that adopts a declaration, or takes system calls away from a command (tests/Prisoner).</summary>
public static class PrisonerProgram
{
    private const int NoSystemCall = 38;

    /// <summary>Its executable: every project's is built beside the others.</summary>
    public static string Path => System.IO.Path.GetFullPath(System.IO.Path.Join(AppContext.BaseDirectory, "../../Prisoner/debug/Prisoner"));

    /// <summary>A command line with which system calls fail as where the kernel lacks them.</summary>
    public static IReadOnlyList<string> Without(IEnumerable<int> numbers, IEnumerable<string> command) =>
        [Path, "without", string.Join(',', numbers), $"{NoSystemCall}", "--", "/usr/bin/env", .. command];
}
