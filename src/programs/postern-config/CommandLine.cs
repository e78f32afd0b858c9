namespace Postern.Config;

/// <summary>What the program was asked for.</summary>
/// <param name="File">The configuration file's name, for messages.</param>
/// <param name="CheckOnly">True to judge the file and write no slices.</param>
/// <param name="Json">True for errors as JSON on standard output.</param>
/// <param name="Lenient">True to write slices of a wrong configuration, too, when what a command needs of it can be told.</param>
internal sealed record CommandLine(string File, bool CheckOnly, bool Json, bool Lenient)
{
    /// <summary>How it is called.</summary>
    internal const string Usage = "usage: postern-config [--check [--json] | --lenient] NAME <FILE";

    /// <summary>Reads the arguments; null when they are none of ours.</summary>
    internal static CommandLine? Read(IReadOnlyList<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument.StartsWith("--", StringComparison.Ordinal)).ToList();
        var check = options.Remove("--check");
        var json = options.Remove("--json");
        var lenient = options.Remove("--lenient");
        return options.Count == 0 && (check || !json) && !(check && lenient)
            && arguments.Count == 1 + (check ? 1 : 0) + (json ? 1 : 0) + (lenient ? 1 : 0)
            ? new CommandLine(arguments[^1], check, json, lenient)
            : null;
    }
}
