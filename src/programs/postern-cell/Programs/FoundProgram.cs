using Postern.Posix;

namespace Postern.Cell.Programs;

/// <summary>A file that was judged by what stands in it.</summary>
/// <param name="Path">Its name.</param>
/// <param name="Open">The very file: its name may stand for another by the time that it is used. Null in tests of the search.</param>
internal readonly record struct FoundFile(string Path, Descriptor? Open);

/// <summary>What is to be executed, and the files that this takes.</summary>
/// <param name="Path">The file that the kernel executes: a native program.</param>
/// <param name="Arguments">Its arguments, its name first.</param>
/// <param name="Executed">Files that the kernel executes for it: the program and its loader.</param>
/// <param name="Read">Files that it reads to begin with: the scripts.</param>
internal sealed record FoundProgram(
    string Path, IReadOnlyList<string> Arguments, IReadOnlyList<FoundFile> Executed, IReadOnlyList<FoundFile> Read);
