using System.CommandLine;
using System.CommandLine.Parsing;

namespace Postern.CommandLine.Commands;

/// <summary>The commands of <c>postern</c> with their options.</summary>
internal static class CommandTree
{
    /// <summary>Runs what the arguments say.</summary>
    internal static int Run(string[] arguments, Invocation invocation)
    {
        // Every program has this option, and the library's own wants a command beside it.
        if (arguments.Contains("--version") && arguments.All(argument => argument is "--version" or "--json"))
        {
            arguments = [.. arguments.Select(argument => argument == "--version" ? "version" : argument)];
        }

        var options = new GlobalOptions();
        var root = Build(options, invocation);
        // An address may begin with an at sign, which must not name a file with further arguments; letters are not bundled.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            throw new CommandFailure(ExitCode.Usage, $"{Problem(parsed)} (see: {Path(parsed)} --help)");
        }

        invocation.Screen.Json = parsed.GetValue(options.Json);
        using var words = new StringWriter();
        var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = words, Error = words });
        if (words.GetStringBuilder().Length > 0)
        {
            invocation.Screen.Words(words.ToString());
        }

        return code;
    }

    /// <summary>What is wrong, in our words where a command is missing or unknown.</summary>
    private static string Problem(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count == 0)
        {
            return string.Join(" ", parsed.Errors.Select(error => error.Message));
        }

        var names = string.Join(", ", command.Subcommands.Select(one => one.Name));
        return parsed.UnmatchedTokens is [var unknown, ..] ? $"{unknown} is none of {names}" : $"say one of {names}";
    }

    private static string Path(ParseResult parsed)
    {
        var path = string.Empty;
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
        {
            path = $" {command.Command.Name}{path}";
        }

        return "postern" + path;
    }

    private static RootCommand Build(GlobalOptions options, Invocation invocation)
    {
        var root = new RootCommand("Looks at and steers the mail server Postern.")
        {
            InjectCommand.Build(options, invocation),
            StatusCommand.Build(options, invocation),
            QueueCommands.Build(options, invocation),
            ResolveCommand.Build(options, invocation),
            CheckCommand.Build(options, invocation),
            DnsCommand.Build(options, invocation),
            UserCommands.Build(options, invocation),
            SetupCommand.Build(options, invocation),
            VersionCommand.Build(invocation),
        };
        root.Add(options.Configuration);
        root.Add(options.Json);
        // [suggest] and the like are for shells' completion, which nothing here offers.
        root.Directives.Clear();
        return root;
    }
}

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The configuration file.</summary>
    internal Option<string> Configuration { get; } = new("--config")
    {
        Description = "The configuration file; the variable POSTERN_CONFIG names it as well.",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = static _ => Invocation.ConfigurationFile,
    };

    /// <summary>Results as JSON.</summary>
    internal Option<bool> Json { get; } = new("--json") { Description = "Print results as JSON.", Recursive = true };
}
