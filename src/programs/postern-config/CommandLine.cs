namespace Postern.Config;

/// <summary>What the program was asked for.</summary>
/// <param name="File">The configuration file's name, for messages.</param>
/// <param name="CheckOnly">True to judge the file and write no slices.</param>
/// <param name="Json">True for errors as JSON on standard output.</param>
internal sealed record CommandLine(string File, bool CheckOnly, bool Json)
{
    /// <summary>How it is called.</summary>
    internal const string Usage = "usage: postern-config [--check [--json]] NAME <FILE";

    /// <summary>Reads the arguments; null when they are none of ours.</summary>
    internal static CommandLine? Read(IReadOnlyList<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument.StartsWith("--", StringComparison.Ordinal)).ToList();
        var check = options.Remove("--check");
        var json = options.Remove("--json");
        return options.Count == 0 && (check || !json) && arguments.Count == 1 + (check ? 1 : 0) + (json ? 1 : 0)
            ? new CommandLine(arguments[^1], check, json)
            : null;
    }
}
