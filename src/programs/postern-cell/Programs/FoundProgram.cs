namespace Postern.Cell.Programs;

/// <summary>What is to be executed, and the files that this takes.</summary>
/// <param name="Path">The file that the kernel executes: a native program.</param>
/// <param name="Arguments">Its arguments, its name first.</param>
/// <param name="Executed">Files that the kernel executes for it: the program and its loader.</param>
/// <param name="Read">Files that it reads to begin with: the scripts.</param>
internal sealed record FoundProgram(
    string Path, IReadOnlyList<string> Arguments, IReadOnlyList<string> Executed, IReadOnlyList<string> Read);
