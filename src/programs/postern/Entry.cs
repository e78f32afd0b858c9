using Postern.CommandLine.Commands;
using Postern.CommandLine.Output;
using Postern.CommandLine.Resolving;
using Postern.CommandLine.Sendmail;
using Postern.CommandLine.Server;
using Postern.CommandLine.Users;
using Postern.Ipc;
using Postern.Posix.Processes;

namespace Postern.CommandLine;

/// <summary>Decides by the name that it was called by what this program is, and turns failures into exit codes.</summary>
internal static class Entry
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">All arguments, the program's name first.</param>
    /// <param name="invocation">The world around the command.</param>
    /// <returns>An exit code of sysexits.h.</returns>
    internal static int Run(IReadOnlyList<string> arguments, Invocation invocation)
    {
        var name = arguments.Count == 0 ? "postern" : Path.GetFileName(arguments[0]);
        string[] rest = [.. arguments.Skip(1)];
        invocation.Screen.Name = name is "sendmail" or "mailq" or "newaliases" ? name : "postern";
        try
        {
            return name switch
            {
                "sendmail" => SendmailCommand.Run(rest, invocation),
                "mailq" => CommandTree.Run(["queue", "list", .. rest], invocation),
                "newaliases" => SendmailCommand.NewAliases(invocation),
                _ => CommandTree.Run(rest, invocation),
            };
        }
        catch (CommandFailure failure)
        {
            invocation.Screen.Complain(failure.Message);
            return failure.Code;
        }
        catch (IOException failure)
        {
            // Standard input or output went away under our hands; what was not committed never was.
            invocation.Screen.Complain(failure.Message);
            return ExitCode.InputOutput;
        }
        catch (UnauthorizedAccessException failure)
        {
            invocation.Screen.Complain(failure.Message);
            return ExitCode.NoPermission;
        }
    }
}

/// <summary>What a command finds around it; a test puts its own in place.</summary>
internal sealed class Invocation
{
    /// <summary>Where a configuration is looked for unless the caller names one.</summary>
    internal const string DefaultConfiguration = "/etc/postern/postern.toml";

    /// <summary>Where results and complaints go.</summary>
    internal required Screen Screen { get; init; }

    /// <summary>Standard input.</summary>
    internal required Stream Input { get; init; }

    /// <summary>Where new passwords come from.</summary>
    internal PasswordSource Passwords => new(Screen, Input, IsTyped);

    /// <summary>True when a person types standard input.</summary>
    internal bool IsTyped { get; init; }

    /// <summary>The clock.</summary>
    internal required TimeProvider Time { get; init; }

    /// <summary>Reads a configuration file into what commands need of it.</summary>
    internal required Func<string, ServerSettings> Load { get; init; }

    /// <summary>Reads a configuration file into the slice of each program.</summary>
    internal required Func<string, IReadOnlyDictionary<ProgramName, byte[]>> LoadSlices { get; init; }

    /// <summary>Starts a directory of our own with its slice, to be asked.</summary>
    internal required Func<byte[], DirectoryProcess> StartDirectory { get; init; }

    /// <summary>The calling user.</summary>
    internal required uint Uid { get; init; }

    /// <summary>Reads /etc/passwd.</summary>
    internal Func<byte[]> ReadPasswords { get; init; } = static () => File.ReadAllBytes(PasswordFile.Path);

    /// <summary>The configuration file when none is named: the variable serves several servers on one host, and callers of
    /// <c>sendmail</c>, which has no option for it that a caller's caller could slip in.</summary>
    internal static string ConfigurationFile =>
        Environment.GetEnvironmentVariable("POSTERN_CONFIG") is { Length: > 0 } named ? named : DefaultConfiguration;
}
