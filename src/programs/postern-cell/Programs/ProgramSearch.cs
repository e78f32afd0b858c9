using Postern.Posix;

namespace Postern.Cell.Programs;

/// <summary>Reads the beginning of an ordinary file and keeps it open, or says why not (errno).</summary>
internal delegate CallResult ReadHead(string path, Span<byte> buffer, out Descriptor? file);

/// <summary>Finds a program, and behind a script the program that interprets it.</summary>
/// <remarks>
/// Interpreters are followed here instead of by the kernel: so that <c>#!/usr/bin/env NAME</c> is one execution, which is all that a
/// cell has.
/// </remarks>
internal sealed class ProgramSearch(ReadHead read, bool isArm)
{
    /// <summary>Where programs are looked for that are named without a folder; it is also the PATH in the cell.</summary>
    internal static readonly IReadOnlyList<string> Folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>As many scripts behind one another as the kernel follows.</summary>
    private const int MaxScripts = 5;

    private readonly byte[] _buffer = new byte[ProgramHead.MaxBytes];

    /// <summary>Finds it.</summary>
    /// <param name="program">A name, or a path when there is a slash in it.</param>
    /// <param name="arguments">Its arguments after the name.</param>
    /// <param name="found">What is to be executed.</param>
    /// <param name="problem">Why it can't be, for a person.</param>
    /// <returns>0, 126 when it can't be executed, or 127 when it is not there, as shells have it.</returns>
    internal int TryFind(string program, IReadOnlyList<string> arguments, out FoundProgram? found, out string problem)
    {
        found = null;
        var path = Locate(program);
        List<string> vector = [program, .. arguments];
        List<FoundFile> scripts = [];
        for (var i = 0; i <= MaxScripts; i++)
        {
            Descriptor? file = null;
            var length = path is null ? CallResult.Failure(Errno.NoEntry) : read(path, _buffer, out file);
            if (length.Failed)
            {
                problem = $"{path ?? program}: {Errno.Describe(length.Error)}";
                return length.Error is Errno.NoEntry or Errno.NotDirectory ? EndCode.NotFound : EndCode.NotExecutable;
            }

            var head = ProgramHead.Judge(_buffer.AsSpan(0, length.Value), isArm);
            if (head.Kind == HeadKind.Native)
            {
                found = new FoundProgram(path!, vector, [new FoundFile(path!, file), .. Loader(head)], scripts);
                problem = string.Empty;
                return 0;
            }

            if (head.Kind == HeadKind.None)
            {
                file?.Dispose();
                problem = $"{path}: {head.Problem}";
                return EndCode.NotExecutable;
            }

            scripts.Add(new FoundFile(path!, file));
            var byName = ByName(head);
            vector = byName is null && head.Argument.Length > 0
                ? [head.Interpreter, head.Argument, path!, .. vector[1..]] : [byName ?? head.Interpreter, path!, .. vector[1..]];
            path = Locate(byName ?? head.Interpreter);
        }

        problem = $"{program}: more than {MaxScripts} scripts interpret one another";
        return EndCode.NotExecutable;
    }

    // env(1) as an interpreter looks for the real one by its name: a word without a sign that would mean more to it.
    private static string? ByName(ProgramHead head) =>
        Path.GetFileName(head.Interpreter) == "env" && head.Argument.Length > 0 && !head.Argument.StartsWith('-')
            && head.Argument.AsSpan().IndexOfAny("= /") < 0
            ? head.Argument : null;

    // A file: a program that names a folder as its loader, and is another one when it is executed, would get all that is in it. One
    // that is not there is the kernel's to miss.
    private IEnumerable<FoundFile> Loader(ProgramHead head) =>
        head.Interpreter.Length > 0 && !read(head.Interpreter, [], out var file).Failed ? [new FoundFile(head.Interpreter, file)] : [];

    private string? Locate(string program) =>
        program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program)
        : Folders.Select(folder => $"{folder}/{program}").FirstOrDefault(IsThere);

    private bool IsThere(string path)
    {
        var length = read(path, _buffer.AsSpan(0, 1), out var file);
        file?.Dispose();
        return length is { Failed: false, Value: 1 };
    }
}
